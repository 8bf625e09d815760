package dev.yammap.benchmarks.structure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.ObjectName;

import dev.yammap.Mmap;

/**
 * Counts the objects that an open file consists of, by the histogram of the heap before
 * and after many files are opened. Objects of the JDK count, too. Objects that all files
 * share do not.
 */
public final class ObjectCounts {

	private static final int FILES = 1_000;

	private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

	private ObjectCounts() {
	}

	/**
	 * Prints how many objects of each class a file that can be written to has, how many
	 * in all, and how many bytes they take.
	 * @param arguments none
	 */
	public static void main(String[] arguments) throws Exception {
		Path path = Files.write(Files.createTempFile("objects", ""), new byte[4096]);
		List<Mmap> open = new ArrayList<>(FILES);
		// What is made only once is made here.
		open(path).close();
		String histogramBefore = histogram();
		for (int i = 0; i < FILES; i++) {
			open.add(open(path));
		}
		String histogramAfter = histogram();
		Map<String, long[]> before = parse(histogramBefore);
		Map<String, long[]> after = parse(histogramAfter);
		long objects = 0;
		long bytes = 0;
		int classes = 0;
		for (Map.Entry<String, long[]> entry : after.entrySet()) {
			long[] none = before.getOrDefault(entry.getKey(), new long[2]);
			long count = Math.round((double) (entry.getValue()[0] - none[0]) / FILES);
			if (count > 0) {
				System.out.printf("%4d %s%n", count, entry.getKey());
				objects += count;
				bytes += Math.round((double) (entry.getValue()[1] - none[1]) / FILES);
				classes++;
			}
		}
		System.out.printf("%d objects of %d classes, %d bytes%n", objects, classes, bytes);
		for (Mmap file : open) {
			file.close();
		}
		Files.delete(path);
	}

	private static Mmap open(Path path) throws IOException {
		return Mmap.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	/** Returns one long text, so that the histogram hardly counts itself. */
	private static String histogram() throws Exception {
		Object[] parameters = { new String[0] };
		return (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram", parameters,
					new String[] { String[].class.getName() });
	}

	/** Returns how many live objects there are of each class, and how long they are. */
	private static Map<String, long[]> parse(String text) {
		Map<String, long[]> found = new TreeMap<>();
		for (String line : text.lines().toList()) {
			Matcher matcher = LINE.matcher(line);
			if (matcher.matches()) {
				found.merge(matcher.group(3),
						new long[] { Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)) },
						(a, b) -> new long[] { a[0] + b[0], a[1] + b[1] });
			}
		}
		return found;
	}

}
