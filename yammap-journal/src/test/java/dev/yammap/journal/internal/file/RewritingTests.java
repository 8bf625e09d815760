package dev.yammap.journal.internal.file;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is written anew on pages that are as large as pages can be, and of which the disk
 * has nothing.
 */
class RewritingTests {

	private static final int PAGE = 1 << 16;

	private static final int SIZE = 40 * PAGE + 100;

	@TempDir
	private Path directory;

	/** Returns the same file, of which pages that are dropped are zeros. */
	private static Mmap forgetful(Mmap file, List<String> calls) {
		return (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(_, method, arguments) -> {
					if (method.getName().equals("advise")) {
						long begin = (long) arguments[1] / PAGE * PAGE;
						long end = Math.min(SIZE, ((long) arguments[1] + (long) arguments[2] + PAGE - 1) / PAGE * PAGE);
						file.writeAt(new byte[(int) (end - begin)], begin);
						return null;
					}
					if (method.getName().equals("sync")) {
						calls.add("sync");
					}
					else if (method.getName().equals("writeAt")) {
						calls.add("write");
					}
					try {
						return method.invoke(file, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	@Test
	void whatIsElseOnThePagesStays() throws IOException {
		byte[] content = new byte[SIZE];
		new Random(1).nextBytes(content);
		Path path = Files.write(this.directory.resolve("file"), content);
		try (Mmap file = Mmap.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			for (int from : new int[] { 0, 512, PAGE, 3 * PAGE + 8, 20 * PAGE - 8 }) {
				for (int to : new int[] { from, from + 8, from + 17 * PAGE, SIZE - 8, SIZE }) {
					List<String> calls = new ArrayList<>();
					Rewriting.run(forgetful(file, calls), from, to);
					assertThat(Files.readAllBytes(path)).as(from + " to " + to).isEqualTo(content);
					assertThat(calls).startsWith("sync").endsWith("sync");
					assertThat(calls.contains("write")).isEqualTo(from < to || from % PAGE != 0);
				}
			}
		}
	}

}
