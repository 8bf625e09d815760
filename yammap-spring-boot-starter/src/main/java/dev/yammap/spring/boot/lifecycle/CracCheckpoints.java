package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.yammap.Backend;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * {@link Checkpoints} of Project CRaC. A descriptor or a mapping that is open makes a
 * checkpoint fail.
 * <p>
 * Resources hear of a checkpoint in the reverse order of their registration, and of a
 * restore in that order. The registry registers when it is created: before the beans that
 * use it, and before Spring's lifecycle processor, which stops everything. So files are
 * closed last and opened first. The lifecycle of the registry would not do: it has not
 * begun when {@code spring.context.checkpoint=onRefresh} asks for a checkpoint, but files
 * are open by then.
 */
public final class CracCheckpoints implements Checkpoints {

	/** Keeps the resources, as the process refers to them weakly. */
	private final List<Resource> announced = new CopyOnWriteArrayList<>();

	@Override
	public void announceTo(ManagedResources resources) {
		Resource resource = new Announced(resources);
		this.announced.add(resource);
		Core.getGlobalContext().register(resource);
	}

	/**
	 * Resources as the process knows them.
	 */
	private record Announced(ManagedResources resources) implements Resource {

		@Override
		public void beforeCheckpoint(Context<? extends Resource> context) throws IOException {
			this.resources.suspend();
			Backend.awaitUnmapped();
		}

		@Override
		public void afterRestore(Context<? extends Resource> context) throws IOException {
			this.resources.resume();
		}

	}

}
