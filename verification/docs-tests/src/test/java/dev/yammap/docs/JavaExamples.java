package dev.yammap.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import org.jspecify.annotations.Nullable;

/**
 * The Java examples of a document, compiled. They make one package, so a later one may
 * use the classes of an earlier one. Each is
 * <ul>
 * <li>as it is, in a package of its own, if it says which,</li>
 * <li>as it is, a compilation unit, if it declares types and nothing else; with imports,
 * it gets no others,</li>
 * <li>the body of a method that may throw anything, if it can be that,</li>
 * <li>the body of a class otherwise.</li>
 * </ul>
 * To what is not declared in the document, its {@link Preamble} gives a meaning.
 */
final class JavaExamples {

	/** The name of the class that is around an example, before the line it is at. */
	private static final String WRAPPER = "Example";

	private static final Map<String, JavaExamples> COMPILED = new ConcurrentHashMap<>();

	private final Preamble preamble;

	private final @Nullable JavaSource preambleSource;

	private final Map<Snippet, JavaSource> sources = new LinkedHashMap<>();

	private final JavaCompilation compilation;

	private final ClassLoader classLoader;

	JavaExamples(String document, List<Snippet> snippets) throws IOException {
		this.preamble = Preamble.of(document);
		this.preambleSource = this.preamble.hasCode() ? source(this.preamble) : null;
		for (Snippet snippet : snippets) {
			this.sources.put(snippet, source(this.preamble, snippet));
		}
		List<JavaSource> all = new ArrayList<>(this.sources.values());
		if (this.preambleSource != null) {
			all.add(this.preambleSource);
		}
		this.compilation = JavaCompilation.compile(all);
		this.classLoader = this.compilation.classLoader();
	}

	/**
	 * Returns all examples, of the documents and of the Javadoc.
	 */
	static List<Snippet> all() {
		return Stream.concat(Documents.snippets("java").stream(), Javadoc.snippets().stream()).toList();
	}

	/**
	 * Returns the examples of a document, which are compiled once.
	 * @param document the name of the document
	 */
	static JavaExamples of(String document) {
		return COMPILED.computeIfAbsent(document, (name) -> {
			try {
				return new JavaExamples(name,
						all().stream().filter((snippet) -> snippet.document().equals(name)).toList());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	Preamble preamble() {
		return this.preamble;
	}

	/** Returns what is wrong with an example. */
	List<String> problems(Snippet snippet) {
		return this.compilation.problems(this.sources.get(snippet));
	}

	/** Returns what is wrong outside of every example. */
	List<String> otherProblems() {
		List<String> problems = new ArrayList<>(this.compilation.problems(null));
		if (this.preambleSource != null) {
			problems.addAll(this.compilation.problems(this.preambleSource));
		}
		return problems;
	}

	/** Returns all classes that are declared, without nested ones. */
	List<Class<?>> types() {
		List<Class<?>> types = new ArrayList<>();
		String prefix = this.preamble.packageName() + ".";
		for (String name : this.compilation.classNames()) {
			if (name.indexOf('.', prefix.length()) < 0 && name.indexOf('$') < 0) {
				types.add(type(name.substring(prefix.length())));
			}
		}
		return types;
	}

	/**
	 * Returns a class that an example declares.
	 * @param name the name of the class, without a package
	 */
	Class<?> type(String name) {
		try {
			return this.classLoader.loadClass(this.preamble.packageName() + "." + name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException("There is no such class, or it could not be compiled", ex);
		}
	}

	private static JavaSource source(Preamble preamble) {
		return new JavaSource(preamble.packageName() + ".Preamble", null, preamble.header() + "\n" + preamble.code());
	}

	private static JavaSource source(Preamble preamble, Snippet snippet) throws IOException {
		if (snippet.text().startsWith("package ")) {
			return source(snippet, snippet.text());
		}
		String wrapper = preamble.header() + "class " + WRAPPER + snippet.line()
				+ (preamble.hasVariables() ? " extends Preamble {" : " {");
		JavaSource statements = source(snippet, wrapper + " void run() throws Exception {\n" + snippet.text() + "}}");
		String header = hasImports(snippet) ? preamble.packageHeader() : preamble.header();
		List<JavaSource> forms = List.of(source(snippet, header + "\n" + snippet.text()), statements,
				source(snippet, wrapper + "\n" + snippet.text() + "}"));
		for (JavaSource form : forms) {
			if (isWhole(JavaCompilation.parse(form))) {
				return form;
			}
		}
		// So that the compiler tells what is wrong with it.
		return statements;
	}

	/** Tells whether the example shows its imports. */
	static boolean hasImports(Snippet snippet) {
		return snippet.text().startsWith("import ");
	}

	private static JavaSource source(Snippet snippet, String code) {
		// Another name than that of the class around it, which would pass for the
		// compiler's own.
		return new JavaSource(snippet.document() + "/Line" + snippet.line(), snippet, code);
	}

	/**
	 * Tells whether a unit declares types, and not only methods. Around mere methods the
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
