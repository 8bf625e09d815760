package dev.yammap.spring.boot.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.JournalSettings;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import dev.yammap.spring.boot.tracking.TrackedResource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;

/**
 * The registry of the journals, which are the beans that it is the factory of.
 */
public final class Journals extends ResourceRegistry<TrackedJournal> {

	private final @Nullable Journals parent;

	/**
	 * Creates the registry; opens no journal.
	 * @param settings the journals that are configured
	 * @param mmaps the registry of the files, at whose paths no journal can be
	 * @param opener what opens them
	 * @param parent the registry of the parent context, if there is one
	 * @throws InvalidFileException if two names are those of one place
	 */
	public Journals(Collection<JournalSettings> settings, Mmaps mmaps, JournalOpener opener,
			@Nullable Journals parent) {
		super(ResourceKind.JOURNAL, owned(settings, parent), others(mmaps, parent), opener);
		this.parent = parent;
	}

	private static List<TrackedJournal> owned(Collection<JournalSettings> settings, @Nullable Journals parent) {
		List<TrackedJournal> owned = new ArrayList<>();
		for (JournalSettings journal : settings) {
			TrackedJournal ofParent = (parent != null) ? parent.find(journal.name()) : null;
			if (ofParent == null || !isSamePlace(ofParent.requiredSettings(), journal)) {
				owned.add(new TrackedJournal(journal));
			}
		}
		return owned;
	}

	private static List<ResourceSettings> others(Mmaps mmaps, @Nullable Journals parent) {
		List<TrackedResource> others = new ArrayList<>();
		if (mmaps instanceof DefaultMmaps registry) {
			others.addAll(registry.all().values());
		}
		if (parent != null) {
			others.addAll(parent.all().values());
		}
		return others.stream().<ResourceSettings>map(TrackedResource::requiredSettings).toList();
	}

	/**
	 * Returns the registry that a parent context has.
	 * @param parent the bean factory of the parent, if there is one
	 * @return its registry, or {@code null} if it has none
	 */
	public static @Nullable Journals of(@Nullable BeanFactory parent) {
		return (parent != null) ? parent.getBeanProvider(Journals.class).getIfUnique() : null;
	}

	/**
	 * Returns the journal of the given name, opening it if this is the first call for it.
	 * @param name the name of a journal
	 * @return the journal; every call returns the same one
	 * @throws NoSuchElementException if there is no journal of that name
	 * @throws java.io.UncheckedIOException if the journal can't be opened
	 * @throws IllegalStateException if the registry is closed, or if the application has
	 * closed the journal
	 */
	public Journal get(String name) {
		TrackedJournal journal = owned().get(name);
		if (journal != null) {
			ensureOpen(journal);
			return Objects.requireNonNull(journal.resource());
		}
		if (this.parent == null) {
			throw new NoSuchElementException("No journal is named '" + name + "'; there are " + owned().keySet());
		}
		return this.parent.get(name);
	}

	@Override
	public Map<String, TrackedJournal> all() {
		if (this.parent == null) {
			return owned();
		}
		Map<String, TrackedJournal> journals = new LinkedHashMap<>(this.parent.all());
		journals.putAll(owned());
		return Collections.unmodifiableMap(journals);
	}

}
