using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>Power of the host beside the scope that the results of a run are given for. The two are never added.</summary>
internal static class HostPower
{
    /// <summary>The scopes that tell of a host, those that cover more of it first.</summary>
    private static readonly MeterScope[] Scopes = [MeterScope.Node, MeterScope.Psys, MeterScope.CpuPackage];

    /// <summary>Whether a run has a meter of its host beside that of its own scope.</summary>
    internal static bool HasMeter(RunMetrics run) => CandidatesOf(run).Any();

    /// <summary>The scope of the host that was measured: the widest one; <c>null</c> where none was.</summary>
    internal static MeterScope? ScopeOf(RunMetrics run) =>
        CandidatesOf(run).Where(scope => JoulesOf(run, scope).Value is not null).Select(scope => (MeterScope?)scope).FirstOrDefault();

    /// <summary>Mean power of the host in the steady window (W), of the widest scope that was measured.</summary>
    internal static Reading WattsOf(RunMetrics run)
    {
        if (run.Window is not { } window)
        {
            return Reading.Missing(run.NoWindowReason!);
        }

        MeterScope? scope = ScopeOf(run) ?? CandidatesOf(run).Select(one => (MeterScope?)one).FirstOrDefault();
        return scope is { } known
            ? JoulesOf(run, known).DividedBy(window.LengthSeconds, "the steady window has no length")
            : Reading.Missing("no meter of the host was read");
    }

    // A model of a host is no measurement of it.
    private static IEnumerable<MeterScope> CandidatesOf(RunMetrics run) => Scopes.Where(scope => scope != run.Energy.Scope)
        .Where(scope => run.Manifest.Meters.Any(meter => meter.Scope == scope)
            && !run.Manifest.Meters.Any(meter => meter.Scope == scope && meter.IsEstimated));

    private static Reading JoulesOf(RunMetrics run, MeterScope scope) =>
        run.Energy.ByScope.GetValueOrDefault(scope) ?? Reading.Missing(run.Energy.Joules.NotMeasured ?? "the meter gave no reading");
}
