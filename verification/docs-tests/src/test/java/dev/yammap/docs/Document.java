package dev.yammap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * A Markdown document: its examples, links, and what can be linked to.
 *
 * @param path the file
 * @param name where it is, relative to the root of the project, with slashes
 * @param snippets its blocks of code, fenced or indented
 * @param links the targets of its links and images, as they are written
 * @param anchors the ids of its headings
 * @param sections its headings, and the inline code of the first cell of each row of the
 * tables below them
 * @param code all inline code
 */
record Document(Path path, String name, List<Snippet> snippets, List<String> links, Set<String> anchors,
		List<Section> sections, List<String> code) {

	private static final Parser PARSER = Parser.builder()
		.extensions(List.of(TablesExtension.create()))
		.includeSourceSpans(IncludeSourceSpans.BLOCKS)
		.build();

	static Document read(Path root, Path path) throws IOException {
		Reader reader = new Reader(root.relativize(path).toString().replace('\\', '/'));
		PARSER.parse(Files.readString(path)).accept(reader);
		return new Document(path, reader.name, List.copyOf(reader.snippets), List.copyOf(reader.links),
				Set.copyOf(reader.anchors), List.copyOf(reader.sections), List.copyOf(reader.code));
	}

	/** Returns what is below a heading. */
	Section section(String title) {
		return this.sections.stream()
			.filter((section) -> section.title().equals(title))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no heading '" + title + "' in " + this.name));
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * What is below a heading, up to the next one.
	 *
	 * @param title the text of the heading
	 * @param firstCells for each row of a table, the inline code of its first cell
	 */
	record Section(String title, List<List<String>> firstCells) {
	}

	private static final class Reader extends AbstractVisitor {

		private final String name;

		private final List<Snippet> snippets = new ArrayList<>();

		private final List<String> links = new ArrayList<>();

		private final IdGenerator ids = IdGenerator.builder().build();

		private final Set<String> anchors = new LinkedHashSet<>();

		private final List<Section> sections = new ArrayList<>();

		private final List<String> code = new ArrayList<>();

		Reader(String name) {
			this.name = name;
		}

		@Override
		public void visit(FencedCodeBlock block) {
			String info = (block.getInfo() != null) ? block.getInfo().strip() : "";
			add(line(block), info, block.getLiteral());
		}

		@Override
		public void visit(IndentedCodeBlock block) {
			add(line(block) - 1, "", block.getLiteral());
		}

		private void add(int line, String language, String text) {
			this.snippets.add(new Snippet(this.name, line, language.toLowerCase(Locale.ROOT), text));
		}

		private static int line(Node node) {
			return node.getSourceSpans().getFirst().getLineIndex() + 1;
		}

		@Override
		public void visit(Heading heading) {
			String text = text(heading);
			this.anchors.add(this.ids.generateId(text));
			this.sections.add(new Section(text, new ArrayList<>()));
			visitChildren(heading);
		}

		private static String text(Node node) {
			StringBuilder text = new StringBuilder();
			node.accept(new AbstractVisitor() {

				@Override
				public void visit(Text part) {
					text.append(part.getLiteral());
				}

				@Override
				public void visit(Code part) {
					text.append(part.getLiteral());
				}

				@Override
				public void visit(SoftLineBreak lineBreak) {
					text.append(' ');
				}

				@Override
				public void visit(HardLineBreak lineBreak) {
					text.append(' ');
				}

			});
			return text.toString();
		}

		@Override
		public void visit(Link link) {
			this.links.add(link.getDestination());
			visitChildren(link);
		}

		@Override
		public void visit(Image image) {
			this.links.add(image.getDestination());
			visitChildren(image);
		}

		@Override
		public void visit(Code inline) {
			this.code.add(inline.getLiteral());
		}

		@Override
		public void visit(CustomNode node) {
			if (node instanceof TableRow row && !this.sections.isEmpty()) {
				this.sections.getLast().firstCells().add(code(row.getFirstChild()));
			}
			visitChildren(node);
		}

		private static List<String> code(Node cell) {
			List<String> code = new ArrayList<>();
			cell.accept(new AbstractVisitor() {

				@Override
				public void visit(Code inline) {
					code.add(inline.getLiteral());
				}

			});
			return code;
		}

	}

}
