package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.autoconfigure.MmapBeanRegistrar;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Closes the files of a context after every singleton of the context has been destroyed.
 * <p>
 * Spring destroys singletons in the reverse order of their creation, except that those
 * which are known to use a bean come before it. Not every user of a file is known to
 * Spring: a task of an executor, a bean with an {@code ObjectProvider} or a lazy proxy.
 * So files must not be closed by a bean that is created when they are needed. A
 * {@link BeanFactoryPostProcessor} is created before all singletons. This one has no
 * dependencies, which would be created with it; what it closes enlists here.
 */
public final class MmapCloser implements BeanFactoryPostProcessor, PriorityOrdered, DisposableBean {

	/**
	 * The destroy method that {@link MmapBeanRegistrar} gives to the bean of a file: one
	 * without effect, so that Spring does not infer {@link Mmap#close()}.
	 */
	public static final String KEEP_OPEN = "isOpen";

	private final List<Part> parts = new ArrayList<>();

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	/**
	 * Leaves the beans of files without a destroy method. A bean with one leaves the
	 * context when it is destroyed, after which a lazy proxy finds it no more. The
	 * definitions cannot say so themselves: code that is generated ahead of time loses an
	 * empty name, and would have {@link Mmap#close()} again.
	 */
	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			return;
		}
		for (String name : beanFactory.getBeanDefinitionNames()) {
			BeanDefinition definition = beanFactory.getBeanDefinition(name);
			if (KEEP_OPEN.equals(definition.getDestroyMethodName())
					&& Mmap.class.getName().equals(definition.getBeanClassName())) {
				definition.setDestroyMethodName("");
			}
		}
	}

	/**
	 * Adds something to destroy when the context has closed, after everything that was
	 * added before.
	 * @param part what to destroy
	 */
	public void enlist(Part part) {
		synchronized (this.parts) {
			this.parts.add(part);
		}
	}

	/**
	 * Destroys what was enlisted, all of it even if something fails, and leaves nothing
	 * behind.
	 * @throws IOException if something failed
	 */
	@Override
	public void destroy() throws IOException {
		List<Part> parts;
		synchronized (this.parts) {
			parts = List.copyOf(this.parts);
			this.parts.clear();
		}
		IOException failure = null;
		for (Part part : parts) {
			try {
				part.destroy();
			}
			catch (IOException | RuntimeException | Error ex) {
				if (failure == null) {
					failure = (ex instanceof IOException io) ? io : new IOException(ex);
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		if (!parts.isEmpty()) {
			Undeployment.awaitUnmapped();
		}
		if (failure != null) {
			throw failure;
		}
	}

	/**
	 * What is destroyed last. Not a {@link DisposableBean}, which Spring destroys itself.
	 */
	@FunctionalInterface
	public interface Part {

		void destroy() throws IOException;

	}

}
