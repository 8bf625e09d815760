package dev.yammap.spring.boot.support;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.DirectoryCreator;
import dev.yammap.spring.boot.registry.MmapOpener;
import dev.yammap.spring.boot.registry.ParentMmaps;
import dev.yammap.spring.boot.settings.FileSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.metrics.ApplicationStartup;

/**
 * Builders and files whose calls fail on demand, which those of the engine do on bad
 * hardware only.
 */
public final class StubMmap {

	private StubMmap() {
	}

	/**
	 * Returns a file that is open until closed, and as its {@code sync} and {@code close}
	 * are told.
	 */
	public static Mmap file(Path path, @Nullable Exception syncFailure, @Nullable Exception closeFailure) {
		AtomicBoolean open = new AtomicBoolean(true);
		return proxy(Mmap.class, (name) -> switch (name) {
			case "path" -> path;
			case "size" -> 1L;
			case "mappedSize" -> 4096L;
			case "isOpen" -> open.get();
			case "backend" -> Backend.PORTABLE;
			case "isDirty" -> true;
			case "isCurrent" -> true;
			case "isWritable" -> true;
			case "pageCache" -> throw new IOException("The system does not answer");
			case "sync" -> fail(syncFailure);
			case "close" -> {
				open.set(false);
				yield fail(closeFailure);
			}
			default -> throw new UnsupportedOperationException(name);
		});
	}

	/**
	 * Returns settings whose builder opens what it is told to.
	 */
	public static FileSettings settings(String name, Path path, Opening opening) {
		FileProperties properties = new FileProperties();
		properties.setPath(path.toString());
		return new FileSettings(name, Path.of(""), properties) {

			@Override
			public Mmap.Builder builder() {
				return (Mmap.Builder) Proxy.newProxyInstance(Mmap.Builder.class.getClassLoader(),
						new Class<?>[] { Mmap.Builder.class },
						(proxy, method, arguments) -> method.getName().equals("open") ? opening.open() : proxy);
			}

		};
	}

	/**
	 * Returns a registry that has opened all of its files.
	 * @param checkpoints whether files have to be closed before a checkpoint
	 */
	public static DefaultMmaps registry(boolean checkpoints, FileSettings... settings) {
		MmapOpener opener = new MmapOpener(new StaticListableBeanFactory().getBeanProvider(MmapBuilderCustomizer.class),
				ApplicationStartup.DEFAULT, checkpoints, null, new DirectoryCreator(true));
		DefaultMmaps mmaps = new DefaultMmaps(List.of(settings), opener, ParentMmaps.NONE);
		mmaps.names().forEach(mmaps::get);
		return mmaps;
	}

	private static @Nullable Object fail(@Nullable Exception failure) throws Exception {
		if (failure != null) {
			throw failure;
		}
		return null;
	}

	private static <T> T proxy(Class<T> type, Answer answer) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> answer.to(method.getName())));
	}

	public interface Opening {

		Mmap open() throws IOException;

	}

	private interface Answer {

		@Nullable Object to(String method) throws Exception;

	}

}
