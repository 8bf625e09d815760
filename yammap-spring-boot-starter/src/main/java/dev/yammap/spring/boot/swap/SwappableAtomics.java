package dev.yammap.spring.boot.swap;

import dev.yammap.MmapAtomics;

/**
 * The atomics of a {@link SwappableMmap}: those of the version that is the current one.
 */
final class SwappableAtomics implements MmapAtomics {

	private final FileVersions versions;

	SwappableAtomics(FileVersions versions) {
		this.versions = versions;
	}

	@Override
	public int getIntVolatile(long offset) {
		return this.versions.memory((file) -> file.atomics().getIntVolatile(offset));
	}

	@Override
	public int getIntAcquire(long offset) {
		return this.versions.memory((file) -> file.atomics().getIntAcquire(offset));
	}

	@Override
	public void setIntVolatile(long offset, int value) {
		this.versions.updateVoid((file) -> file.atomics().setIntVolatile(offset, value));
	}

	@Override
	public void setIntRelease(long offset, int value) {
		this.versions.updateVoid((file) -> file.atomics().setIntRelease(offset, value));
	}

	@Override
	public int getAndAddInt(long offset, int delta) {
		return this.versions.update((file) -> file.atomics().getAndAddInt(offset, delta));
	}

	@Override
	public int getAndSetInt(long offset, int value) {
		return this.versions.update((file) -> file.atomics().getAndSetInt(offset, value));
	}

	@Override
	public boolean compareAndSetInt(long offset, int expected, int value) {
		return this.versions.update((file) -> file.atomics().compareAndSetInt(offset, expected, value));
	}

	@Override
	public int compareAndExchangeInt(long offset, int expected, int value) {
		return this.versions.update((file) -> file.atomics().compareAndExchangeInt(offset, expected, value));
	}

	@Override
	public long getLongVolatile(long offset) {
		return this.versions.memory((file) -> file.atomics().getLongVolatile(offset));
	}

	@Override
	public long getLongAcquire(long offset) {
		return this.versions.memory((file) -> file.atomics().getLongAcquire(offset));
	}

	@Override
	public void setLongVolatile(long offset, long value) {
		this.versions.updateVoid((file) -> file.atomics().setLongVolatile(offset, value));
	}

	@Override
	public void setLongRelease(long offset, long value) {
		this.versions.updateVoid((file) -> file.atomics().setLongRelease(offset, value));
	}

	@Override
	public long getAndAddLong(long offset, long delta) {
		return this.versions.update((file) -> file.atomics().getAndAddLong(offset, delta));
	}

	@Override
	public long getAndSetLong(long offset, long value) {
		return this.versions.update((file) -> file.atomics().getAndSetLong(offset, value));
	}

	@Override
	public boolean compareAndSetLong(long offset, long expected, long value) {
		return this.versions.update((file) -> file.atomics().compareAndSetLong(offset, expected, value));
	}

	@Override
	public long compareAndExchangeLong(long offset, long expected, long value) {
		return this.versions.update((file) -> file.atomics().compareAndExchangeLong(offset, expected, value));
	}

}
