package dev.yammap.docs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import org.jspecify.annotations.Nullable;

/**
 * A run of the Java compiler, in memory, over examples. It uses the class path of these
 * tests.
 */
final class JavaCompilation {

	private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

	private static final Set<Diagnostic.Kind> PROBLEMS = Set.of(Diagnostic.Kind.ERROR, Diagnostic.Kind.WARNING,
			Diagnostic.Kind.MANDATORY_WARNING);

	private static final List<String> OPTIONS = List.of("-proc:none", "-parameters", "-Xmaxerrs", "1000", "-Xlint:all",
			// No warnings of the class path, nor of what no example is meant to show.
			"-Xlint:-path,-processing,-classfile,-exports,-serial,-this-escape");

	private final DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();

	private final Map<String, ByteArrayOutputStream> classes = new ConcurrentHashMap<>();

	private JavaCompilation() {
	}

	static JavaCompilation compile(List<JavaSource> sources) throws IOException {
		JavaCompilation compilation = new JavaCompilation();
		if (sources.isEmpty()) {
			return compilation;
		}
		try (StandardJavaFileManager files = COMPILER.getStandardFileManager(compilation.diagnostics, null, null)) {
			COMPILER.getTask(null, compilation.new Memory(files), compilation.diagnostics, OPTIONS, null, sources)
				.call();
		}
		return compilation;
	}

	/**
	 * Parses a source.
	 * @return the tree, or {@code null} if there is an error
	 */
	static @Nullable CompilationUnitTree parse(JavaSource source) throws IOException {
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		JavacTask task = (JavacTask) COMPILER.getTask(null, null, diagnostics, null, null, List.of(source));
		CompilationUnitTree unit = task.parse().iterator().next();
		boolean wrong = diagnostics.getDiagnostics()
			.stream()
			.anyMatch((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR);
		return wrong ? null : unit;
	}

	/** Returns the errors and warnings of a source. */
	List<String> problems(@Nullable JavaSource source) {
		List<String> problems = new ArrayList<>();
		for (Diagnostic<? extends JavaFileObject> diagnostic : this.diagnostics.getDiagnostics()) {
			if (PROBLEMS.contains(diagnostic.getKind()) && isIn(diagnostic, source)) {
				String where = (source != null) ? source.locate(diagnostic.getLineNumber()) + ": " : "";
				problems.add(where + diagnostic.getMessage(Locale.ROOT));
			}
		}
		return problems;
	}

	private static boolean isIn(Diagnostic<? extends JavaFileObject> diagnostic, @Nullable JavaSource source) {
		URI uri = (source != null) ? source.toUri() : null;
		URI other = (diagnostic.getSource() != null) ? diagnostic.getSource().toUri() : null;
		return (uri != null) ? uri.equals(other) : other == null;
	}

	/** Returns the names of the classes that were compiled, in alphabetical order. */
	List<String> classNames() {
		return this.classes.keySet().stream().sorted().toList();
	}

	/** Returns a loader of the classes that were compiled. */
	ClassLoader classLoader() {
		return new ClassLoader(JavaCompilation.class.getClassLoader()) {

			@Override
			protected Class<?> findClass(String name) throws ClassNotFoundException {
				ByteArrayOutputStream bytes = JavaCompilation.this.classes.get(name);
				if (bytes == null) {
					throw new ClassNotFoundException(name);
				}
				return defineClass(name, bytes.toByteArray(), 0, bytes.size());
			}

		};
	}

	private final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {

		Memory(StandardJavaFileManager files) {
			super(files);
		}

		@Override
		public JavaFileObject getJavaFileForOutput(JavaFileManager.Location location, String className,
				JavaFileObject.Kind kind, @Nullable FileObject sibling) {
			return new SimpleJavaFileObject(URI.create("example:///" + className.replace('.', '/')), kind) {

				@Override
				public OutputStream openOutputStream() {
					ByteArrayOutputStream bytes = new ByteArrayOutputStream();
					JavaCompilation.this.classes.put(className, bytes);
					return bytes;
				}

			};
		}

	}

}
