package dev.yammap.docs;

import java.net.URI;

import javax.tools.SimpleJavaFileObject;

import org.jspecify.annotations.Nullable;

/**
 * A source for the compiler that is not a file: an example, with the code around it that
 * makes it a compilation unit. That code is on the first line, and behind the last one.
 */
final class JavaSource extends SimpleJavaFileObject {

	private final @Nullable Snippet snippet;

	private final String code;

	/**
	 * Creates a source.
	 * @param name a name without spaces that no other source has
	 * @param snippet the example in it, or {@code null} if it is none
	 * @param code the compilation unit
	 */
	JavaSource(String name, @Nullable Snippet snippet, String code) {
		super(URI.create("example:///" + name + Kind.SOURCE.extension), Kind.SOURCE);
		this.snippet = snippet;
		this.code = code;
	}

	@Nullable Snippet snippet() {
		return this.snippet;
	}

	@Override
	public CharSequence getCharContent(boolean ignoreEncodingErrors) {
		return this.code;
	}

	/** A public class may be in any example. */
	@Override
	public boolean isNameCompatible(String simpleName, Kind kind) {
		return kind == Kind.SOURCE && !simpleName.endsWith("-info");
	}

	/** Returns the line of the document for a line of the source. */
	String locate(long line) {
		return (this.snippet != null) ? this.snippet.document() + ":" + (this.snippet.line() + line - 1)
				: getName() + ":" + line;
	}

}
