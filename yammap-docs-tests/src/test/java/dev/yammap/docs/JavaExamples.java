package dev.yammap.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import org.jspecify.annotations.Nullable;

/**
 * The Java examples of the documents, compiled. The examples of a document make one
 * package, so a later one may use the classes of an earlier one. Each is
 * <ul>
 * <li>as it is, a compilation unit, if it declares types and nothing else,</li>
 * <li>the body of a method that may throw anything, if it can be that,</li>
 * <li>the body of a class otherwise.</li>
 * </ul>
 * To what is not declared in the document, its {@link Preamble} gives a meaning.
 */
final class JavaExamples {

	/** The name of the class that is around an example, before the line it is at. */
	private static final String WRAPPER = "Example";

	private static @Nullable JavaExamples ofDocuments;

	private final Map<Snippet, JavaSource> sources = new LinkedHashMap<>();

	private final Map<String, JavaSource> preambles = new LinkedHashMap<>();

	private final JavaCompilation compilation;

	private final ClassLoader classLoader;

	private JavaExamples(List<Snippet> snippets) throws IOException {
		for (Snippet snippet : snippets) {
			Preamble preamble = Preamble.of(snippet.document());
			if (preamble.hasCode()) {
				this.preambles.computeIfAbsent(snippet.document(), (document) -> source(preamble));
			}
			this.sources.put(snippet, source(preamble, snippet));
		}
		List<JavaSource> all = new ArrayList<>(this.preambles.values());
		all.addAll(this.sources.values());
		this.compilation = JavaCompilation.compile(all);
		this.classLoader = this.compilation.classLoader();
	}

	/** Compiles examples. */
	static JavaExamples of(List<Snippet> snippets) {
		try {
			return new JavaExamples(snippets);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns those of all documents and of the Javadoc, compiled once. */
	static synchronized JavaExamples ofDocuments() {
		JavaExamples examples = ofDocuments;
		if (examples == null) {
			List<Snippet> snippets = new ArrayList<>(Documents.snippets("java"));
			snippets.addAll(Javadoc.snippets());
			examples = of(snippets);
			ofDocuments = examples;
		}
		return examples;
	}

	List<Snippet> all() {
		return List.copyOf(this.sources.keySet());
	}

	/** Returns the documents that have a preamble with more than imports. */
	List<String> documentsWithPreambles() {
		return List.copyOf(this.preambles.keySet());
	}

	/** Returns what is wrong with an example. */
	List<String> problems(Snippet snippet) {
		return this.compilation.problems(this.sources.get(snippet));
	}

	/** Returns what is wrong with the preamble of a document. */
	List<String> problemsOfPreamble(String document) {
		return this.compilation.problems(Objects.requireNonNull(this.preambles.get(document)));
	}

	/** Returns what is wrong, but with no example. */
	List<String> otherProblems() {
		return this.compilation.problems(null);
	}

	/**
	 * Returns all classes that the examples of a document declare, but for those within
	 * others.
	 * @param document the name of the document
	 */
	List<Class<?>> types(String document) throws Exception {
		List<Class<?>> types = new ArrayList<>();
		String prefix = Preamble.of(document).packageName() + ".";
		for (String name : this.compilation.classNames()) {
			if (name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0 && name.indexOf('$') < 0) {
				types.add(this.classLoader.loadClass(name));
			}
		}
		return types;
	}

	/**
	 * Returns a class that an example declares.
	 * @param document the name of the document
	 * @param name the name of the class, without a package
	 */
	Class<?> type(String document, String name) throws Exception {
		return this.classLoader.loadClass(Preamble.of(document).packageName() + "." + name);
	}

	private static JavaSource source(Preamble preamble) {
		return new JavaSource(preamble.packageName() + ".Preamble", null, preamble.header() + "\n" + preamble.code());
	}

	private static JavaSource source(Preamble preamble, Snippet snippet) throws IOException {
		String wrapper = preamble.header() + "class " + WRAPPER + snippet.line()
				+ (preamble.hasVariables() ? " extends Preamble {" : " {");
		JavaSource statements = source(snippet, wrapper + " void run() throws Exception {\n" + snippet.text() + "}}");
		List<JavaSource> forms = List.of(source(snippet, preamble.header() + "\n" + snippet.text()), statements,
				source(snippet, wrapper + "\n" + snippet.text() + "}"));
		for (JavaSource form : forms) {
			if (isWhole(JavaCompilation.parse(form))) {
				return form;
			}
		}
		// So that the compiler tells what is wrong with it.
		return statements;
	}

	private static JavaSource source(Snippet snippet, String code) {
		return new JavaSource(snippet.document() + "/" + WRAPPER + snippet.line(), snippet, code);
	}

	/**
	 * Tells whether a unit declares types, and not just methods, around which the
	 * compiler puts a class with the name of the file.
	 */
	private static boolean isWhole(@Nullable CompilationUnitTree unit) {
		if (unit == null || unit.getTypeDecls().isEmpty()) {
			return false;
		}
		return unit.getTypeDecls()
			.stream()
			.allMatch((type) -> type instanceof ClassTree declared && !isImplicit(unit, declared));
	}

	private static boolean isImplicit(CompilationUnitTree unit, ClassTree type) {
		return unit.getSourceFile().getName().endsWith("/" + type.getSimpleName() + ".java");
	}

}
