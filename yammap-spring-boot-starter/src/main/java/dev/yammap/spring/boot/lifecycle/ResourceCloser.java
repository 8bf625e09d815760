package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Closes the resources of a context after every singleton of the context has been
 * destroyed.
 * <p>
 * Spring destroys singletons in the reverse order of their creation, except that known
 * users of a bean come before it. Spring does not know every user of a file: not a task
 * of an executor, nor a bean with an {@code ObjectProvider} or a lazy proxy. So a bean
 * that is created when files are needed must not close them. A
 * {@link BeanFactoryPostProcessor} is created before all singletons. This one has no
 * dependencies, as they would be created with it. Whatever it is to close enlists here.
 */
public final class ResourceCloser implements BeanFactoryPostProcessor, PriorityOrdered, DisposableBean {

	private final List<ManagedResources> enlisted = new ArrayList<>();

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		// This does nothing: its only purpose is that the bean is created first.
	}

	/**
	 * Adds something to destroy when the context has closed, after everything that was
	 * added before.
	 * @param resources what to destroy. Not a {@link DisposableBean}, which Spring
	 * destroys itself
	 */
	public void enlist(ManagedResources resources) {
		synchronized (this.enlisted) {
			this.enlisted.add(resources);
		}
	}

	/**
	 * Destroys everything that was enlisted, even if something fails.
	 * @throws IOException if something failed
	 */
	@Override
	public void destroy() throws IOException {
		List<ManagedResources> all;
		synchronized (this.enlisted) {
			all = List.copyOf(this.enlisted);
			this.enlisted.clear();
		}
		try {
			Each.of(all, ManagedResources::destroy, "registries could not be closed");
		}
		finally {
			if (!all.isEmpty()) {
				Undeployment.awaitUnmapped();
			}
		}
	}

}
