package dev.yammap.spring.boot.info;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LongSummaryStatistics;
import java.util.Map;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import dev.yammap.spring.boot.registry.TrackedResources;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * {@link InfoContributor} that tells how many mapped files there are, how many of them
 * are open, and their total size; and how many journals there are, and how many records
 * they hold. It tells no names and paths, as info is often open to everybody.
 */
public class YammapInfoContributor implements InfoContributor {

	private final TrackedResources resources;

	public YammapInfoContributor(TrackedResources resources) {
		this.resources = resources;
	}

	@Override
	public void contribute(Info.Builder builder) {
		LongSummaryStatistics sizes = this.resources.openFiles().mapToLong(Mmap::size).summaryStatistics();
		Collection<TrackedJournal> journals = this.resources.journals().values();
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("files", this.resources.files().size());
		details.put("open", sizes.getCount());
		details.put("bytes", sizes.getSum());
		if (!journals.isEmpty()) {
			details.put("journals", journals.size());
			details.put("records", journals.stream().mapToLong(TrackedJournal::records).sum());
		}
		builder.withDetail("yammap", details);
	}

}
