package dev.yammap.faults;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that knows nothing of mapped files, and tries to lock ranges of one.
 * Argument: the file. It reads a command from each line of its standard input, and
 * answers each by a byte: {@code try}, {@code keep} (the lock) or {@code release} (all
 * that it kept).
 */
final class RangeLockingProgram {

	private RangeLockingProgram() {
	}

	public static void main(String[] arguments) throws Exception {
		try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ,
				StandardOpenOption.WRITE);
				BufferedReader commands = new BufferedReader(
						new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
			List<FileLock> kept = new ArrayList<>();
			for (String line = commands.readLine(); line != null; line = commands.readLine()) {
				System.out.write(answer(channel, kept, line.split(" ")) ? 1 : 0);
				System.out.flush();
			}
		}
	}

	private static boolean answer(FileChannel channel, List<FileLock> kept, String[] command) throws Exception {
		if ("release".equals(command[0])) {
			for (FileLock lock : kept) {
				lock.release();
			}
			kept.clear();
			return true;
		}
		FileLock lock = channel.tryLock(Long.parseLong(command[1]), Long.parseLong(command[2]),
				Boolean.parseBoolean(command[3]));
		if (lock == null) {
			return false;
		}
		if ("keep".equals(command[0])) {
			kept.add(lock);
		}
		else {
			lock.release();
		}
		return true;
	}

}
