package dev.yammap.spring.boot;

import java.nio.file.Path;

import dev.yammap.Mmap;

import org.springframework.context.ApplicationEvent;

/**
 * Published when a file with {@code reload-on-update} was replaced, or overwritten in
 * place. Every new call of its {@link Mmap} uses the new content. Listeners are called on
 * the thread that follows the files, one after the other. No other file is followed until
 * they return.
 */
public class MmapReloadedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final String name;

	private final transient Mmap file;

	private final long oldSize;

	private final long newSize;

	/**
	 * Creates an event.
	 * @param source the registry that the file is in
	 * @param name the name of the file under {@code yammap.files}
	 * @param file the file
	 * @param oldSize the size of the file that was replaced, in bytes
	 * @param newSize the size of the file that replaced it, in bytes
	 */
	public MmapReloadedEvent(Mmaps source, String name, Mmap file, long oldSize, long newSize) {
		super(source);
		this.name = name;
		this.file = file;
		this.oldSize = oldSize;
		this.newSize = newSize;
	}

	/**
	 * Returns the name of the file.
	 * @return the name under {@code yammap.files}
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Returns the file: the same bean as before.
	 * @return the file
	 */
	public Mmap getFile() {
		return this.file;
	}

	/**
	 * Returns where the file is.
	 * @return the path
	 */
	public Path getPath() {
		return this.file.path();
	}

	/**
	 * Returns the size of the file that was replaced.
	 * @return the last known size in bytes
	 */
	public long getOldSize() {
		return this.oldSize;
	}

	/**
	 * Returns the size of the file that replaced it.
	 * @return the size in bytes when the new file was opened
	 */
	public long getNewSize() {
		return this.newSize;
	}

	@Override
	public String toString() {
		return "MmapReloadedEvent[" + this.name + ", " + getPath() + ", from " + this.oldSize + " to " + this.newSize
				+ " bytes]";
	}

}
