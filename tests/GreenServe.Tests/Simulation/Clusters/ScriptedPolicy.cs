using GreenServe.Simulation.Control;

namespace GreenServe.Tests.Simulation.Clusters;

/// <summary>A policy whose turns a test writes.</summary>
internal sealed class ScriptedPolicy : IClusterPolicy
{
    public IReadOnlyList<double> PeriodsSeconds { get; init; } = [];

    public OutputPredictor Predictor { get; init; } = OutputPredictor.Exact;

    internal Action<IClusterView, IClusterActions> OnBegin { get; init; } = (_, _) => { };

    internal Action<int, IClusterView, IClusterActions> OnTick { get; init; } = (_, _, _) => { };

    internal Func<RequestView, IClusterView, IClusterActions, RouteDecision> OnRoute { get; init; } = (_, _, _) => RouteDecision.ByRouter;

    internal Action<RequestEvent, IClusterView, IClusterActions> OnEvent { get; init; } = (_, _, _) => { };

    public void Begin(IClusterView cluster, IClusterActions actions) => OnBegin(cluster, actions);

    public void Tick(int loop, IClusterView cluster, IClusterActions actions) => OnTick(loop, cluster, actions);

    public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions) => OnRoute(request, cluster, actions);

    public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions) => OnEvent(happened, cluster, actions);
}
