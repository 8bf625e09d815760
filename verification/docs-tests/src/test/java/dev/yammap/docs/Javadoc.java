package dev.yammap.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.lang.model.element.Name;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.SnippetTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTreePathScanner;
import com.sun.source.util.DocTrees;
import com.sun.source.util.DocTreePath;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import org.jspecify.annotations.Nullable;

/**
 * The examples in the Javadoc of what is published: each a <code>{&#064;snippet}</code>.
 */
final class Javadoc {

	private static final List<Snippet> ALL = read();

	private Javadoc() {
	}

	/**
	 * Returns all examples. One that is not tagged, a {@code <pre>}, is in the language
	 * {@code pre}.
	 */
	static List<Snippet> snippets() {
		return ALL;
	}

	private static List<Snippet> read() {
		List<Snippet> snippets = new ArrayList<>();
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
			JavacTask task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null,
					files.getJavaFileObjectsFromPaths(Sources.files()));
			Comments comments = new Comments(DocTrees.instance(task), snippets);
			for (CompilationUnitTree unit : task.parse()) {
				comments.scan(unit, null);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return snippets;
	}

	/**
	 * Looks at the comment of every type, method and field.
	 */
	private static final class Comments extends TreePathScanner<@Nullable Void, @Nullable Void> {

		private final DocTrees trees;

		private final List<Snippet> snippets;

		Comments(DocTrees trees, List<Snippet> snippets) {
			this.trees = trees;
			this.snippets = snippets;
		}

		@Override
		public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
			look();
			return super.visitClass(type, null);
		}

		@Override
		public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
			look();
			return super.visitMethod(method, null);
		}

		@Override
		public @Nullable Void visitVariable(VariableTree variable, @Nullable Void unused) {
			look();
			return super.visitVariable(variable, null);
		}

		private void look() {
			DocCommentTree comment = this.trees.getDocCommentTree(getCurrentPath());
			if (comment != null) {
				new Examples().scan(new DocTreePath(getCurrentPath(), comment), null);
			}
		}

		private final class Examples extends DocTreePathScanner<@Nullable Void, @Nullable Void> {

			@Override
			public @Nullable Void visitSnippet(SnippetTree snippet, @Nullable Void unused) {
				if (snippet.getBody() != null) {
					add("java", snippet, snippet.getBody().getBody());
				}
				return null;
			}

			@Override
			public @Nullable Void visitStartElement(StartElementTree element, @Nullable Void unused) {
				Name name = element.getName();
				if (name.contentEquals("pre")) {
					add("pre", element, "");
				}
				return super.visitStartElement(element, null);
			}

			private void add(String language, com.sun.source.doctree.DocTree tree, String text) {
				CompilationUnitTree unit = Comments.this.getCurrentPath().getCompilationUnit();
				long position = Comments.this.trees.getSourcePositions()
					.getStartPosition(unit, getCurrentPath().getDocComment(), tree);
				String file = Documents.root().relativize(Path.of(unit.getSourceFile().toUri())).toString();
				Comments.this.snippets.add(new Snippet(file.replace('\\', '/'),
						(int) unit.getLineMap().getLineNumber(position), language, text));
			}

		}

	}

}
