internal import Analytics
internal import Glibc
internal import Kernel
internal import Runtime
internal import Synchronization

/// What the kernel knows of this process, under the names that Prometheus' own clients use.
enum ProcessMetrics {
    static func register(in metrics: Metrics) {
        metrics.register("process_cpu_seconds_total", "counter", "User and system time.") { [(labels: "", value: cpuSeconds)] }
        metrics.gauge("process_resident_memory_bytes", "Resident memory.") { residentBytes }
        metrics.gauge("process_open_fds", "Open file descriptors.") { openDescriptors }
    }

    /// The last sample: its time in nanoseconds, and the CPU seconds until then.
    private static let last = Mutex<(at: UInt64, seconds: Double)?>(nil)

    /// The load of the machine since the last call, for alerts.
    static func sample(folder: String) -> MachineSample {
        var sample = MachineSample()
        let (now, seconds) = (monotonicNanoseconds(), cpuSeconds)
        sample.cpu = last.withLock { last in
            defer { last = (now, seconds) }
            guard let last, now > last.at else { return nil }
            return (seconds - last.seconds) / (Double(now - last.at) / 1e9) / Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        }
        sample.memory = residentBytes
        var disk = statvfs()
        if statvfs(folder, &disk) == 0, disk.f_blocks > 0 { sample.diskFree = Double(disk.f_bavail) / Double(disk.f_blocks) }
        return sample
    }

    private static var cpuSeconds: Double {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    private static var residentBytes: Double {
        let fields = String(own: readFile("/proc/self/statm") ?? []).split(separator: " ")
        return fields.count > 1 ? (Double(fields[1]) ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE))) : 0
    }

    private static var openDescriptors: Double {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0.0
        while readdir(folder) != nil { count += 1 }
        return count - 3
    }
}
