package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.settings.FileSettings;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.metrics.ApplicationStartup;

/**
 * Registries whose files are opened as the test says.
 */
public final class StubRegistry {

	private StubRegistry() {
	}

	/**
	 * Returns a file that is opened as it is told to.
	 */
	public static StubFile file(String name, Path path, Opening opening) {
		FileProperties properties = new FileProperties();
		properties.setPath(path.toString());
		return new StubFile(new FileSettings(name, Path.of(""), properties), opening);
	}

	/**
	 * Returns a registry that has opened all of its files.
	 * @param checkpoints whether files have to be closed before a checkpoint
	 */
	public static DefaultMmaps of(boolean checkpoints, StubFile... files) {
		DefaultMmaps mmaps = unopened(checkpoints, files);
		mmaps.names().forEach(mmaps::get);
		return mmaps;
	}

	/**
	 * Returns a registry that has opened none of its files yet.
	 */
	public static DefaultMmaps unopened(StubFile... files) {
		return unopened(false, files);
	}

	private static DefaultMmaps unopened(boolean checkpoints, StubFile... files) {
		return unopened(checkpoints, List.of(files), List.of());
	}

	/**
	 * Returns a registry without configured files.
	 * @param files what may be opened at run time, under its name
	 */
	public static DefaultMmaps atRunTime(StubFile... files) {
		return unopened(false, List.of(), List.of(files));
	}

	private static DefaultMmaps unopened(boolean checkpoints, List<StubFile> configured, List<StubFile> others) {
		Map<String, Opening> openings = Stream.concat(configured.stream(), others.stream())
			.collect(Collectors.toMap((file) -> file.settings().name(), StubFile::opening));
		Function<FileSettings, Mmap.Builder> builders = (settings) -> builder(
				Objects.requireNonNull(openings.get(settings.name())));
		FileOpener opener = new FileOpener(new StaticListableBeanFactory().getBeanProvider(MmapBuilderCustomizer.class),
				ApplicationStartup.DEFAULT, checkpoints, null, new DirectoryCreator(true), builders);
		List<FileSettings> settings = configured.stream().map(StubFile::settings).toList();
		return new DefaultMmaps(settings, Path.of(""), opener, ParentMmaps.NONE);
	}

	private static Mmap.Builder builder(Opening opening) {
		return (Mmap.Builder) Proxy.newProxyInstance(Mmap.Builder.class.getClassLoader(),
				new Class<?>[] { Mmap.Builder.class },
				(proxy, method, arguments) -> method.getName().equals("open") ? opening.open() : proxy);
	}

	/**
	 * A file of such a registry.
	 */
	public record StubFile(FileSettings settings, Opening opening) {
	}

	/**
	 * Opens a file.
	 */
	@FunctionalInterface
	public interface Opening {

		Mmap open() throws IOException;

	}

}
