// SPDX-License-Identifier: Apache-2.0
/*
 * What a process sees of its machine, changed: another clock, host name and number of processors, and folders listed in the
 * opposite order. It is preloaded into a build that is to show that its result depends on none of these. HOST is the name, AHEAD
 * by how many seconds the clock is ahead.
 *
 * Files keep the kernel's times, so that all of them are older than now, as make expects. Times that a program hands to the kernel are
 * taken back again, as far as they are the changed clock's.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The clock. The monotonic one, which only measures, stays as it is. */

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int status = NEXT(clock_gettime)(clock, now);
	if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += AHEAD;
	return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	int status = NEXT(gettimeofday)(now, zone);
	if (status == 0)
		now->tv_sec += AHEAD;
	return status;
}

time_t time(time_t *now)
{
	struct timespec precise;
	clock_gettime(CLOCK_REALTIME, &precise);
	if (now)
		*now = precise.tv_sec;
	return precise.tv_sec;
}

int timespec_get(struct timespec *now, int base)
{
	return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

/* back is a time as the kernel has it: times of other clocks, and small ones like UTIME_NOW's, are not moved. */
static struct timespec back(struct timespec given)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (given.tv_sec > now.tv_sec - AHEAD / 2)
		given.tv_sec -= AHEAD;
	return given;
}

int utimensat(int folder, const char *path, const struct timespec given[2], int flags)
{
	if (!given)
		return NEXT(utimensat)(folder, path, given, flags);
	struct timespec times[2] = {back(given[0]), back(given[1])};
	return NEXT(utimensat)(folder, path, times, flags);
}

int futimens(int file, const struct timespec given[2])
{
	if (!given)
		return NEXT(futimens)(file, given);
	struct timespec times[2] = {back(given[0]), back(given[1])};
	return NEXT(futimens)(file, times);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
	struct timespec time = back(*until);
	return NEXT(sem_timedwait)(semaphore, &time);
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict until)
{
	/* Without a version dlsym may find that of before 2003, for other structures. */
	__typeof__(&pthread_cond_timedwait) next = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
	struct timespec time = back(*until);
	return next(condition, mutex, &time);
}

/* The machine. */

int uname(struct utsname *names)
{
	int status = NEXT(uname)(names);
	if (status == 0)
		strcpy(names->nodename, HOST);
	return status;
}

int gethostname(char *name, size_t size)
{
	strncpy(name, HOST, size);
	return 0;
}

int sched_getaffinity(pid_t process, size_t size, cpu_set_t *processors)
{
	int status = NEXT(sched_getaffinity)(process, size, processors);
	for (size_t i = 0, found = 0; status == 0 && i < 8 * size; i++)
		if (CPU_ISSET_S(i, size, processors) && found++)
			CPU_CLR_S(i, size, processors);
	return status;
}

long sysconf(int name)
{
	return name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF ? 1 : NEXT(sysconf)(name);
}

/* Folders: all of one is read at first, and then handed out from the end. */

struct listing {
	DIR *folder;
	struct dirent **entries;
	size_t count, given;
	struct listing *next;
};

static struct listing *listings;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void forget(DIR *folder)
{
	pthread_mutex_lock(&lock);
	for (struct listing **at = &listings; *at; at = &(*at)->next) {
		struct listing *found = *at;
		if (found->folder != folder)
			continue;
		*at = found->next;
		while (found->count > 0)
			free(found->entries[--found->count]);
		free(found->entries);
		free(found);
		break;
	}
	pthread_mutex_unlock(&lock);
}

static struct listing *list(DIR *folder)
{
	struct listing *found;
	pthread_mutex_lock(&lock);
	for (found = listings; found && found->folder != folder; found = found->next)
		;
	if (!found) {
		struct dirent *entry;
		found = calloc(1, sizeof *found);
		found->folder = folder;
		while ((entry = NEXT(readdir)(folder))) {
			found->entries = realloc(found->entries, (found->count + 1) * sizeof entry);
			found->entries[found->count++] = memcpy(malloc(entry->d_reclen), entry, entry->d_reclen);
		}
		found->next = listings;
		listings = found;
	}
	pthread_mutex_unlock(&lock);
	return found;
}

struct dirent *readdir(DIR *folder)
{
	struct listing *from = list(folder);
	return from->given < from->count ? from->entries[from->count - ++from->given] : NULL;
}

struct dirent64 *readdir64(DIR *folder)
{
	return (struct dirent64 *)readdir(folder); /* the same on machines of 64 bits */
}

long telldir(DIR *folder)
{
	return list(folder)->given;
}

void seekdir(DIR *folder, long place)
{
	list(folder)->given = place;
}

void rewinddir(DIR *folder)
{
	forget(folder);
	NEXT(rewinddir)(folder);
}

int closedir(DIR *folder)
{
	forget(folder);
	return NEXT(closedir)(folder);
}
