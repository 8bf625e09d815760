package dev.yammap.spring.boot.registry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.JournalProperties;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.path.JournalFiles;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.settings.JournalSettings;
import dev.yammap.spring.boot.settings.ResourceKind;
import dev.yammap.spring.boot.settings.ResourceSettings;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import dev.yammap.spring.boot.tracking.TrackedResource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.Assert;

/**
 * The registry of the journals: what {@link Journals} promises to applications.
 */
public final class DefaultJournals extends ResourceRegistry<TrackedJournal> implements Journals {

	private final Path baseDirectory;

	private final @Nullable DefaultMmaps mmaps;

	private final @Nullable DefaultJournals parent;

	/**
	 * Creates the registry; opens no journal.
	 * @param settings the journals that are configured
	 * @param baseDirectory what relative paths of other journals resolve against
	 * @param mmaps the registry of the files. No journal can have the path of one of them
	 * @param opener opens the journals
	 * @param parent the registry of the parent context, if there is one
	 * @throws InvalidFileException if two names lead to one place, or if a file has the
	 * name of a journal or is one of a journal's own files
	 */
	public DefaultJournals(Collection<JournalSettings> settings, Path baseDirectory, Mmaps mmaps, JournalOpener opener,
			@Nullable DefaultJournals parent) {
		List<ResourceSettings> others = others(mmaps, parent);
		if (!settings.isEmpty()) {
			for (ResourceSettings other : others) {
				JournalFiles.requireNone(other, settings);
			}
		}
		super(ResourceKind.JOURNAL, owned(settings, parent), others,
				(mmaps instanceof DefaultMmaps registry) ? registry.taken() : new ConcurrentHashMap<>(), opener);
		this.baseDirectory = baseDirectory;
		this.mmaps = (mmaps instanceof DefaultMmaps registry) ? registry : null;
		this.parent = parent;
	}

	private static List<TrackedJournal> owned(Collection<JournalSettings> settings, @Nullable DefaultJournals parent) {
		List<TrackedJournal> owned = new ArrayList<>();
		for (JournalSettings journal : settings) {
			TrackedJournal ofParent = (parent != null) ? parent.all().get(journal.name()) : null;
			if (ofParent == null || !OwnedResources.isSamePlace(ofParent.requiredSettings(), journal)) {
				owned.add(new TrackedJournal(journal));
			}
		}
		return owned;
	}

	private static List<ResourceSettings> others(Mmaps mmaps, @Nullable DefaultJournals parent) {
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
	 * @return its registry, or {@code null} if it has none, or not the one of this
	 * starter
	 */
	public static @Nullable DefaultJournals of(@Nullable BeanFactory parent) {
		return (parent != null) ? parent.getBeanProvider(DefaultJournals.class).getIfUnique() : null;
	}

	@Override
	public Set<String> names() {
		return all().keySet();
	}

	@Override
	public Journal get(String name) {
		Assert.notNull(name, "'name' must not be null");
		TrackedJournal journal = owned().get(name);
		if (journal != null) {
			ensureOpen(journal);
			return Objects.requireNonNull(journal.resource());
		}
		if (this.parent == null) {
			throw none(name);
		}
		return this.parent.get(name);
	}

	@Override
	public Journal open(String name, Consumer<JournalProperties> properties) {
		Assert.notNull(name, "'name' must not be null");
		Assert.notNull(properties, "'properties' must not be null");
		JournalProperties described = new JournalProperties();
		properties.accept(described);
		ResourceSettings.requireUsableName(ResourceKind.JOURNAL, name);
		TrackedJournal journal = new TrackedJournal(new JournalSettings(name, this.baseDirectory, described));
		addAndOpen(journal);
		return Objects.requireNonNull(journal.resource());
	}

	@Override
	public Map<String, Journal> openJournals() {
		Map<String, Journal> open = new LinkedHashMap<>((this.parent != null) ? this.parent.openJournals() : Map.of());
		open.keySet().removeAll(owned().keySet());
		for (TrackedJournal journal : opened()) {
			open.put(journal.requiredSettings().name(), Objects.requireNonNull(journal.resource()));
		}
		open.values().removeIf((journal) -> !journal.isOpen());
		return Collections.unmodifiableMap(open);
	}

	@Override
	List<ResourceSettings> neighbours() {
		if (this.mmaps != null) {
			// The two registries share their names.
			return this.mmaps.neighbours();
		}
		List<ResourceSettings> neighbours = new ArrayList<>(taken().values());
		if (this.parent != null) {
			neighbours.addAll(this.parent.neighbours());
		}
		return neighbours;
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
