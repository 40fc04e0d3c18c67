using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Nvml;
using GreenServe.Metering.Rapl;

namespace GreenServe.Tests.Metering.Fakes;

/// <summary>A machine of fakes. It has no GPU, no files and no counters unless a test gives it some.</summary>
internal static class FakeMachine
{
    internal static MachineAccess With(
        INvml? nvml = null,
        string root = "/nonexistent",
        IPerfEvents? perf = null,
        IReadOnlyDictionary<string, string>? environment = null,
        Func<HttpMessageHandler>? http = null,
        TimeProvider? clock = null,
        string knobFolder = "/nonexistent") => new(
            () => nvml ?? new FakeNvml(TimeProvider.System) { InitializeReturn = NvmlReturn.LibraryNotFound },
            new SystemFiles(root),
            perf ?? new FakePerfEvents(),
            name => environment?.GetValueOrDefault(name),
            http ?? (() => throw new InvalidOperationException("no network in this test")),
            clock ?? TimeProvider.System,
            knobFolder);

    internal static MeterCatalog Discover(MachineAccess machine, MeterOptions? options = null) =>
        MeterDiscovery.Run(options ?? new MeterOptions(), machine);
}
