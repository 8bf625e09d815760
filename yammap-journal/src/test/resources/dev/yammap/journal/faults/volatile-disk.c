/*
 * A disk with a write cache that loses its content with the power, as files behind FUSE:
 *
 *   disk   the disk: what was written since the last flush (fsync) is in the cache alone
 *   fail   anything that is written to it makes every flush fail: what is written from now on is in the cache alone
 *   bad    two offsets that are written to it make every write fail that has a byte between them; 0 and 0 end that
 *   cut    a seed that is written to it cuts the power: of each write in the cache any part may have reached the
 *          disk, in sectors or pages. Until the power is back every access fails.
 *          Reading it tells how many pieces were in the cache, and how many of them reached the disk
 *   on     anything that is written to it turns the power on again
 *
 * Arguments: the size of the disk in bytes, how many bytes it writes whole or not at all, and where to mount it. Ends when it is unmounted.
 */
#define FUSE_USE_VERSION 31

#include <errno.h>
#include <fuse.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PAGE = 4096 };

struct cached_write {
	size_t offset;
	size_t length;
	unsigned char *bytes;
};

static size_t disk_size;
static size_t unit;

/* What a read returns, and what a power cut cannot take back. */
static unsigned char *current;
static unsigned char *durable;

/* In the order in which they came. */
static struct cached_write *cache;
static size_t cache_length;
static size_t cache_capacity;

static bool powered = true;
static bool flushes = true;

/* What lies between these cannot be written. */
static size_t bad_from;
static size_t bad_to;

static uint64_t random_state;
static char report[64];

static uint64_t next_random(void)
{
	uint64_t z = (random_state += 0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
	return z ^ (z >> 31);
}

static void cut_power(uint64_t seed)
{
	static const unsigned percentages[] = { 0, 10, 50, 90, 99 };
	unsigned long pieces = 0;
	unsigned long reached = 0;

	random_state = seed;
	size_t granularity = (next_random() % 2 == 0) ? unit : PAGE;
	unsigned percentage = percentages[next_random() % 5];
	for (size_t i = 0; i < cache_length; i++) {
		struct cached_write *write = &cache[i];
		for (size_t at = 0; at < write->length; at += granularity) {
			size_t length = (write->length - at < granularity) ? write->length - at : granularity;
			pieces++;
			if (next_random() % 100 < percentage) {
				reached++;
				memcpy(durable + write->offset + at, write->bytes + at, length);
			}
		}
	}
	for (size_t i = 0; i < cache_length; i++) {
		memcpy(current + cache[i].offset, durable + cache[i].offset, cache[i].length);
		free(cache[i].bytes);
	}
	cache_length = 0;
	powered = false;
	snprintf(report, sizeof report, "%lu %lu", pieces, reached);
}

static int disk_getattr(const char *path, struct stat *attributes, struct fuse_file_info *info)
{
	(void) info;
	memset(attributes, 0, sizeof *attributes);
	if (strcmp(path, "/") == 0) {
		attributes->st_mode = S_IFDIR | 0700;
		attributes->st_nlink = 2;
		return 0;
	}
	if (strcmp(path, "/disk") != 0 && strcmp(path, "/cut") != 0 && strcmp(path, "/on") != 0
			&& strcmp(path, "/fail") != 0 && strcmp(path, "/bad") != 0) {
		return -ENOENT;
	}
	attributes->st_mode = S_IFREG | 0600;
	attributes->st_nlink = 1;
	attributes->st_size = (strcmp(path, "/disk") == 0) ? (off_t) disk_size : 0;
	return 0;
}

static int disk_open(const char *path, struct fuse_file_info *info)
{
	(void) path;
	/* Past the page cache: each write comes here, in the size that the file system gave it. */
	info->direct_io = 1;
	return 0;
}

static int disk_truncate(const char *path, off_t size, struct fuse_file_info *info)
{
	(void) path;
	(void) size;
	(void) info;
	return 0;
}

static int disk_read(const char *path, char *target, size_t length, off_t offset, struct fuse_file_info *info)
{
	const unsigned char *source = current;
	size_t end = disk_size;

	(void) info;
	if (strcmp(path, "/cut") == 0) {
		source = (const unsigned char *) report;
		end = strlen(report);
	}
	else if (!powered) {
		return -EIO;
	}
	if ((size_t) offset >= end) {
		return 0;
	}
	if (length > end - offset) {
		length = end - offset;
	}
	memcpy(target, source + offset, length);
	return (int) length;
}

static int disk_write(const char *path, const char *source, size_t length, off_t offset, struct fuse_file_info *info)
{
	(void) info;
	if (strcmp(path, "/cut") == 0) {
		char seed[32] = { 0 };
		memcpy(seed, source, (length < sizeof seed - 1) ? length : sizeof seed - 1);
		cut_power(strtoull(seed, NULL, 10));
		return (int) length;
	}
	if (strcmp(path, "/on") == 0) {
		powered = true;
		flushes = true;
		return (int) length;
	}
	if (strcmp(path, "/fail") == 0) {
		flushes = false;
		return (int) length;
	}
	if (strcmp(path, "/bad") == 0) {
		char range[64] = { 0 };
		memcpy(range, source, (length < sizeof range - 1) ? length : sizeof range - 1);
		return (sscanf(range, "%zu %zu", &bad_from, &bad_to) == 2) ? (int) length : -EINVAL;
	}
	if (!powered || ((size_t) offset < bad_to && offset + length > bad_from)) {
		return -EIO;
	}
	if ((size_t) offset > disk_size || length > disk_size - offset) {
		return -ENOSPC;
	}
	if (cache_length == cache_capacity) {
		cache_capacity = (cache_capacity == 0) ? 1024 : 2 * cache_capacity;
		cache = realloc(cache, cache_capacity * sizeof *cache);
		if (cache == NULL) {
			abort();
		}
	}
	unsigned char *bytes = malloc(length);
	if (bytes == NULL) {
		return -ENOMEM;
	}
	memcpy(bytes, source, length);
	memcpy(current + offset, source, length);
	cache[cache_length++] = (struct cached_write) { (size_t) offset, length, bytes };
	return (int) length;
}

static int disk_fsync(const char *path, int data_only, struct fuse_file_info *info)
{
	(void) path;
	(void) data_only;
	(void) info;
	if (!powered || !flushes) {
		return -EIO;
	}
	for (size_t i = 0; i < cache_length; i++) {
		memcpy(durable + cache[i].offset, cache[i].bytes, cache[i].length);
		free(cache[i].bytes);
	}
	cache_length = 0;
	return 0;
}

static const struct fuse_operations operations = {
	.getattr = disk_getattr,
	.open = disk_open,
	.truncate = disk_truncate,
	.read = disk_read,
	.write = disk_write,
	.fsync = disk_fsync,
};

int main(int count, char **arguments)
{
	if (count != 4) {
		fprintf(stderr, "usage: %s SIZE UNIT MOUNT_POINT\n", arguments[0]);
		return 2;
	}
	disk_size = strtoull(arguments[1], NULL, 10);
	unit = strtoull(arguments[2], NULL, 10);
	current = calloc(1, disk_size);
	durable = calloc(1, disk_size);
	if (current == NULL || durable == NULL || unit == 0) {
		perror(arguments[0]);
		return 1;
	}
	/* In the foreground, by one thread. */
	char *options[] = { arguments[0], arguments[3], "-f", "-s", NULL };
	return fuse_main(4, options, &operations, NULL);
}
