namespace GreenServe.Metering.Rapl;

/// <summary>Since PLATYPUS (CVE-2020-8694, CVE-2020-12912) the kernel shows RAPL to root alone; this says how to be let in.</summary>
internal static class RaplPermission
{
    /// <summary>The exact commands for a file that may not be read.</summary>
    internal static string Remedy(string energyFile) =>
        $"{energyFile} may be read by root alone since kernel 5.10 (PLATYPUS side channel). " +
        "Either: sudo chmod a+r /sys/class/powercap/*rapl*/energy_uj (until the next boot); " +
        "or: sudo sysctl kernel.perf_event_paranoid=0 (perf events then serve instead); " +
        "or: sudo setcap cap_perfmon=ep on the greenserve executable; or run as root. " +
        "Each opens the side channel to those it lets in";
}
