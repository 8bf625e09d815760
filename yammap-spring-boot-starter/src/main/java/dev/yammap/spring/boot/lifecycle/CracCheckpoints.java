package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;

import dev.yammap.Backend;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * {@link Checkpoints} of Project CRaC. A descriptor or a mapping that is open makes a
 * checkpoint fail.
 * <p>
 * Resources are told of a checkpoint in the reverse order of their registration, and of a
 * restore in that order. The registry registers when it is created: before the beans that
 * use it, and before Spring's lifecycle processor, which stops everything. So files are
 * closed last and opened first. The lifecycle of the registry would not do: it has not
 * begun when {@code spring.context.checkpoint=onRefresh} asks for a checkpoint, but files
 * are open by then.
 */
public final class CracCheckpoints implements Checkpoints, Resource {

	// Resources are held weakly.
	private @Nullable DefaultMmaps mmaps;

	@Override
	public void announceTo(DefaultMmaps mmaps) {
		this.mmaps = mmaps;
		Core.getGlobalContext().register(this);
	}

	@Override
	public void beforeCheckpoint(Context<? extends Resource> context) throws IOException {
		if (this.mmaps != null) {
			this.mmaps.suspend();
			Backend.awaitUnmapped();
		}
	}

	@Override
	public void afterRestore(Context<? extends Resource> context) throws IOException {
		if (this.mmaps != null) {
			this.mmaps.resume();
		}
	}

}
