package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A small disk with a file system of its own, mounted until closed, that can lose its
 * power.
 */
final class Disk implements PoweredDisk {

	private final Kind kind;

	private final Path image;

	private final Path mountPoint;

	private boolean mounted;

	private Disk(Kind kind, Path image, Path mountPoint) {
		this.kind = kind;
		this.image = image;
		this.mountPoint = mountPoint;
	}

	/**
	 * Makes a disk of the smallest size its file system can have, and mounts it.
	 * @param kind the file system
	 * @param directory an empty directory for what is needed, which may itself be on a
	 * {@code Disk}
	 */
	static Disk mount(Kind kind, Path directory) throws IOException {
		return mount(kind, kind.size, directory);
	}

	static Disk mount(Kind kind, String size, Path directory) throws IOException {
		requireRoot();
		Path mountPoint = Files.createDirectory(directory.resolve("mounted"));
		Disk disk = new Disk(kind, directory.resolve("image"), mountPoint);
		if (kind == Kind.TMPFS) {
			Command.run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", mountPoint);
			disk.mounted = true;
			return disk;
		}
		Command.run("truncate", "-s", size, disk.image);
		if (kind == Kind.EXT4) {
			Command.run("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0",
					disk.image);
		}
		else if (kind == Kind.BTRFS) {
			Command.run("mkfs.btrfs", "-q", "-K", disk.image);
		}
		else {
			Command.run("mkfs.xfs", "-q", "-K", disk.image);
		}
		disk.mountImage("rw");
		return disk;
	}

	static void requireRoot() throws IOException {
		if (!"0".equals(Command.run("id", "-u"))) {
			throw new IOException("The tests of the profile 'faults' mount file systems: run them as root, on Linux");
		}
	}

	@Override
	public Path resolve(String name) {
		return this.mountPoint.resolve(name);
	}

	Path directory() {
		return this.mountPoint;
	}

	@Override
	public void cutPower() throws IOException {
		Command.run("xfs_io", "-x", "-c", "shutdown", this.mountPoint);
	}

	@Override
	public void startAgain() throws IOException {
		unmount();
		mountImage("rw");
	}

	private void mountImage(String access) throws IOException {
		String options = "loop," + access + ((this.kind == Kind.EXT4) ? ",errors=remount-ro" : "");
		Command.run("mount", "-t", this.kind.name().toLowerCase(Locale.ROOT), "-o", options, this.image,
				this.mountPoint);
		this.mounted = true;
	}

	private void unmount() throws IOException {
		Command.run("umount", this.mountPoint);
		this.mounted = false;
	}

	/**
	 * Unmounts the disk even where a file is still open; its loop device goes with it.
	 */
	@Override
	public void close() throws IOException {
		if (!this.mounted) {
			return;
		}
		try {
			unmount();
		}
		catch (IOException ex) {
			Command.run("umount", "--lazy", this.mountPoint);
			throw ex;
		}
	}

	/**
	 * The file systems.
	 */
	enum Kind {

		TMPFS("4m"), EXT4("16m"), XFS("320m"), BTRFS("128m");

		private final String size;

		Kind(String size) {
			this.size = size;
		}

	}

}
