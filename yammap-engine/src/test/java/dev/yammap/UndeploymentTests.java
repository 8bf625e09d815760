package dev.yammap;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The engine in a class loader of its own, as in a web application: when its files are
 * closed and nothing uses it any more, nothing of it is left.
 */
@Timeout(120)
class UndeploymentTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void nothingStaysMappedAndNoThreadKeepsTheClasses() throws Exception {
		Path path = Files.write(this.directory.resolve("file"), new byte[100_000]);
		// What other tests have closed goes first.
		Backend.awaitUnmapped();
		WeakReference<ClassLoader> loader = useIn(new Loader(), path);
		assertThat(Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1))
			.doesNotContain("memfd:yammap")
			.doesNotContain(path.toString());
		while (loader.get() != null) {
			System.gc();
			Thread.onSpinWait();
		}
	}

	private static WeakReference<ClassLoader> useIn(ClassLoader loader, Path path) throws Exception {
		Class<?> mmap = Class.forName(Mmap.class.getName(), true, loader);
		assertThat(mmap).isNotSameAs(Mmap.class);
		OpenOption[] options = { StandardOpenOption.READ, StandardOpenOption.WRITE };
		try (AutoCloseable file = (AutoCloseable) mmap.getMethod("open", Path.class, OpenOption[].class)
			.invoke(null, path, options)) {
			Object atomics = mmap.getMethod("atomics").invoke(file);
			Class.forName(MmapAtomics.class.getName(), true, loader)
				.getMethod("getAndAddLong", long.class, long.class)
				.invoke(atomics, 0, 1);
		}
		Class.forName(Backend.class.getName(), true, loader).getMethod("awaitUnmapped").invoke(null);
		return new WeakReference<>(loader);
	}

	/** Has the classes of the engine anew. */
	private static final class Loader extends ClassLoader {

		Loader() {
			super(UndeploymentTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			synchronized (getClassLoadingLock(name)) {
				if (!name.startsWith("dev.yammap.")) {
					return super.loadClass(name, resolve);
				}
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : define(name);
			}
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
				if (stream == null) {
					throw new ClassNotFoundException(name);
				}
				byte[] bytes = stream.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
