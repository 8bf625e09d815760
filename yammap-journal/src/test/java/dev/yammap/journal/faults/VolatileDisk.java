package dev.yammap.journal.faults;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small disk whose write cache loses its content with the power: of what was written
 * since the last flush any part may be there afterwards. A file system in user space
 * serves it, a program that is compiled here: see {@code volatile-disk.c}.
 */
final class VolatileDisk implements PoweredDisk {

	private static final String SOURCE = "volatile-disk.c";

	private static final long SIZE = 64 << 20;

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

	private static final int BLOCK = 4096;

	/** The first and the last block on the disk, as {@code filefrag} tells them. */
	private static final Pattern EXTENT = Pattern.compile("(?m)^ *\\d+: +\\d+\\.\\. *\\d+: +(\\d+)\\.\\. *(\\d+):");

	private final Kind kind;

	/** Where the program shows the disk. */
	private final Path served;

	private final Path mountPoint;

	private final Process program;

	private final Random random;

	private boolean mounted;

	private long lost;

	private VolatileDisk(Kind kind, Path served, Path mountPoint, Process program, long seed) {
		this.kind = kind;
		this.served = served;
		this.mountPoint = mountPoint;
		this.program = program;
		this.random = new Random(seed);
	}

	/**
	 * Makes a disk and mounts it.
	 * @param directory an empty directory for what is needed
	 * @param seed decides what gets lost
	 */
	static VolatileDisk mount(Kind kind, Path directory, long seed) throws IOException {
		Disk.requireRoot();
		Path program = compile(directory);
		Path served = Files.createDirectory(directory.resolve("served"));
		Path log = directory.resolve("volatile-disk.log");
		Process process = new ProcessBuilder(program.toString(), String.valueOf(SIZE), String.valueOf(kind.unit),
				served.toString())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		VolatileDisk disk = new VolatileDisk(kind, served, Files.createDirectory(directory.resolve("mounted")), process,
				seed);
		try {
			disk.awaitProgram(log);
			Command.run("mkfs." + kind.type(), "-q", "-F", "-m", "0", "-b", "4096", "-E",
					"nodiscard,lazy_itable_init=0", disk.file());
			disk.mountFile();
			return disk;
		}
		catch (IOException ex) {
			disk.close();
			throw ex;
		}
	}

	private static Path compile(Path directory) throws IOException {
		Path source = directory.resolve(SOURCE);
		try (InputStream in = Objects.requireNonNull(VolatileDisk.class.getResourceAsStream(SOURCE), SOURCE)) {
			Files.copy(in, source);
		}
		Path program = directory.resolve("volatile-disk");
		String libraries = Command.run("pkg-config", "--cflags", "--libs", "fuse3");
		Command.run("sh", "-c", "gcc -Wall -Wextra -Werror -O1 -o \"$0\" \"$1\" " + libraries, program, source);
		return program;
	}

	private void awaitProgram(Path log) throws IOException {
		while (!Files.exists(file())) {
			if (!this.program.isAlive()) {
				throw new IOException("The file system in user space does not start: " + Files.readString(log));
			}
			LockSupport.parkNanos(PAUSE);
		}
	}

	private Path file() {
		return this.served.resolve("disk");
	}

	private void mountFile() throws IOException {
		Command.run("mount", "-t", this.kind.type(), "-o", "loop", file(), this.mountPoint);
		this.mounted = true;
	}

	private void unmount() throws IOException {
		Command.run("umount", this.mountPoint);
		this.mounted = false;
	}

	/** Returns how many sectors or pages were written and did not survive a cut. */
	long lost() {
		return this.lost;
	}

	@Override
	public Path resolve(String name) {
		return this.mountPoint.resolve(name);
	}

	/**
	 * Breaks the blocks of a file, which has been synced: each write to one of them fails
	 * until they are repaired.
	 */
	void breakBlocksOf(Path file) throws IOException {
		long from = Long.MAX_VALUE;
		long to = 0;
		Matcher extents = EXTENT.matcher(Command.run("filefrag", "-v", "-b" + BLOCK, file));
		while (extents.find()) {
			from = Math.min(from, BLOCK * Long.parseLong(extents.group(1)));
			to = Math.max(to, BLOCK * (1 + Long.parseLong(extents.group(2))));
		}
		setBad(from + " " + to);
	}

	void repairBlocks() throws IOException {
		setBad("0 0");
	}

	private void setBad(String range) throws IOException {
		Files.writeString(this.served.resolve("bad"), range);
	}

	@Override
	public void cutPower() throws IOException {
		// Whatever is in memory alone reaches the cache first, so that there is much to
		// lose. Nobody is told that it is durable.
		Files.writeString(this.served.resolve("fail"), "1");
		Command.run("sh", "-c", "sync -f \"$0\" || true", this.mountPoint);
		Path cut = this.served.resolve("cut");
		Files.writeString(cut, String.valueOf(this.random.nextLong(Long.MAX_VALUE)));
		String[] pieces = Files.readString(cut).split(" ", -1);
		this.lost += Long.parseLong(pieces[0]) - Long.parseLong(pieces[1]);
	}

	@Override
	public void startAgain() throws IOException {
		unmount();
		Files.writeString(this.served.resolve("on"), "1");
		if (this.kind == Kind.EXT2) {
			// What has no journal is checked at each start; up to 2 says that all is well
			// now.
			Command.run("sh", "-c", "e2fsck -fy \"$0\" || test $? -le 2", file());
		}
		mountFile();
	}

	@Override
	public void close() throws IOException {
		try {
			if (this.mounted) {
				unmount();
			}
		}
		finally {
			this.program.destroy();
			try {
				Command.run("umount", "--lazy", this.served);
			}
			catch (IOException ex) {
				// The program has unmounted it before it ended.
			}
		}
	}

	/**
	 * The file systems.
	 */
	enum Kind {

		/** Rewrites parts of its structures, in sectors. */
		EXT2(512),

		/** Has checksums over its blocks, and needs a disk that writes each whole. */
		EXT4(4096);

		private final int unit;

		Kind(int unit) {
			this.unit = unit;
		}

		private String type() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
