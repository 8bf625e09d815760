package dev.yammap.spring.boot.support;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what happens to files, in order. As a bean, it hears of every file.
 */
public class EventLog implements MmapBuilderCustomizer, MmapListener {

	public final List<String> events = new CopyOnWriteArrayList<>();

	@Override
	public void customize(String name, Path path, Mmap.Builder builder) {
		builder.listener(this);
	}

	@Override
	public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
		this.events.add(((failure != null) ? "sync failed " : "synced ") + fileName(file));
	}

	@Override
	public void closed(Mmap file) {
		this.events.add("closed " + fileName(file));
	}

	public void add(String event) {
		this.events.add(event);
	}

	private String fileName(Mmap file) {
		return Objects.requireNonNull(file.path().getFileName()).toString();
	}

}
