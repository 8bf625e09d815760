package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.OverridingClassLoader;

/**
 * A program that runs the context of an application in a class loader of its own, as a
 * servlet container does, and fails unless nothing of it is left after its end. Argument:
 * a directory.
 */
final class UndeploymentProgram {

	private UndeploymentProgram() {
	}

	public static void main(String[] arguments) throws Exception {
		String directory = arguments[0];
		ClassLoader loader = new WebApplicationClassLoader();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.setClassLoader(loader);
			TestPropertyValues
				.of("yammap.base-dir=" + directory, "yammap.files.counters.path=counters",
						"yammap.files.counters.size=100KB", "yammap.files.counters.backend=native")
				.applyTo(context);
			context.register(loader.loadClass(YammapAutoConfiguration.class.getName()));
			context.refresh();
			check(loader.equals(context.getBean("counters").getClass().getClassLoader()), "The classes are others");
			check(mappings().contains(directory), "The file is not mapped");
		}
		String left = mappings();
		check(!left.contains(directory) && !left.contains("memfd:yammap"), "Something is still mapped:\n" + left);
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().equals("yammap-unmapper")) {
				// It has been waited for, but not for ever.
				thread.join();
			}
		}
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new IllegalStateException(otherwise);
		}
	}

	private static String mappings() throws IOException {
		return Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
	}

	/** Has the classes of this project anew. */
	private static final class WebApplicationClassLoader extends OverridingClassLoader {

		WebApplicationClassLoader() {
			super(UndeploymentProgram.class.getClassLoader());
		}

		@Override
		protected boolean isEligibleForOverriding(String className) {
			return className.startsWith("dev.yammap.");
		}

	}

}
