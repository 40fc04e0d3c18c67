using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Throttllem;

namespace GreenServe.Simulation.Policies;

/// <summary>throttLL'eM in one run.</summary>
/// <param name="setting">The policy.</param>
/// <param name="profiles">Times of steps at each clock, and the SLO.</param>
internal sealed class ThrottllemController(ThrottllemSetting setting, ServingProfiles profiles) : IClusterPolicy
{
    private readonly double?[] clocks = [.. profiles.ClocksUpToOwn(setting.GpuClocksMegahertz)];
    private readonly double tokenSeconds = RequestClass.All.Min(profiles.Limits.TokenSeconds);
    private readonly List<IterationProjection> projections = [];
    private readonly List<int> setClocks = [];

    /// <inheritdoc />
    public IReadOnlyList<double> PeriodsSeconds => [setting.PeriodSeconds];

    /// <inheritdoc />
    public OutputPredictor Predictor { get; } = OutputPredictor.WithAccuracy(setting.PredictorAccuracyProbability);

    /// <summary>Sets the lowest clock at which the projection of each instance holds; the highest where a request is lost.</summary>
    public void Tick(int loop, IClusterView cluster, IClusterActions actions)
    {
        for (int index = 0; index < cluster.Instances.Count; index++)
        {
            IInstanceView instance = cluster.Instances[index];
            IterationProjection projection = Now(instance, cluster.NowSeconds);
            int clock = projection.HasLost(cluster.NowSeconds) ? clocks.Length - 1 : LowestClock(instance, projection);
            if (instance.State == InstanceState.Serving && clock != setClocks[instance.Number]
                && actions.SetClock(instance.Number, clocks[clock], "lowest clock that holds every deadline"))
            {
                setClocks[instance.Number] = clock;
            }
        }
    }

    /// <summary>
    /// The instance with the fewest tokens among those whose deadlines hold with the request at the highest clock. If there is none, the
    /// request waits; once its first token is overdue, it is lost and goes to the instance with the fewest tokens.
    /// </summary>
    public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
    {
        double ttft = profiles.Limits.StrictestSeconds(SloMetric.Ttft, request.PredictedClass);
        int outputs = (int)Math.Ceiling((1 + setting.PaddingRatio) * request.PredictedOutputTokens);
        double ends = Math.Min(
            profiles.Limits.StrictestSeconds(SloMetric.E2e, request.PredictedClass),
            ttft + (outputs * profiles.Limits.TokenSeconds(request.PredictedClass)));
        double deadline = request.ArrivedSeconds + ends;
        bool isLost = cluster.NowSeconds > request.ArrivedSeconds + ttft;
        bool isServed = false;
        IInstanceView? chosen = null;
        for (int index = 0; index < cluster.Instances.Count; index++)
        {
            IInstanceView instance = cluster.Instances[index];
            if (!instance.Serves(request))
            {
                continue;
            }

            isServed = true;
            if ((chosen is null || instance.PredictedTokens < chosen.PredictedTokens)
                && (isLost || HoldsWith(instance, request, outputs, deadline, cluster.NowSeconds)))
            {
                chosen = instance;
            }
        }

        if (chosen is null)
        {
            // Where nothing serves, there is no projection that could hold or break.
            return isServed
                ? RouteDecision.Defer(cluster.NowSeconds + setting.PeriodSeconds, "a deadline would not hold")
                : RouteDecision.Hold;
        }

        IterationProjection projection = Now(chosen, cluster.NowSeconds);
        projection.Add(request.Id, request.InputTokens, outputs, deadline);
        if (isLost)
        {
            projection.NoteLost();
        }

        return RouteDecision.To(chosen.Number);
    }

    /// <inheritdoc />
    public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions)
    {
        if (happened.Kind == RequestEventKind.Completed)
        {
            Now(cluster.Instance(happened.Instance), cluster.NowSeconds).Remove(happened.Request.Id);
        }
    }

    private bool HoldsWith(IInstanceView instance, in RequestView request, int outputs, double deadline, double nowSeconds)
    {
        IterationProjection projection = Now(instance, nowSeconds);
        StepTable fastest = StepsOf(instance, clocks.Length - 1);
        projection.Add(request.Id, request.InputTokens, outputs, deadline);
        double prefillSeconds = PromptSeconds(instance, fastest) + fastest.PrefillSeconds(request.InputTokens);
        bool holds = projection.Holds(fastest, prefillSeconds, tokenSeconds);
        projection.Remove(request.Id);
        return holds;
    }

    /// <summary>Number of the lowest clock at which the projection holds, by bisection; that of the highest if it holds at none.</summary>
    private int LowestClock(IInstanceView instance, IterationProjection projection)
    {
        int low = 0;
        int high = clocks.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            StepTable steps = StepsOf(instance, middle);
            (low, high) = projection.Holds(steps, PromptSeconds(instance, steps), tokenSeconds) ? (low, middle) : (middle + 1, high);
        }

        return high;
    }

    private static double PromptSeconds(IInstanceView instance, StepTable steps)
    {
        int prompts = instance.PromptRequests;
        return prompts == 0 ? 0 : prompts * steps.PrefillSeconds((int)(instance.PromptTokens / prompts));
    }

    private StepTable StepsOf(IInstanceView instance, int clock) => profiles.Steps(instance.System.TensorParallelism, clocks[clock]);

    private IterationProjection Now(IInstanceView instance, double nowSeconds)
    {
        while (projections.Count <= instance.Number)
        {
            projections.Add(new IterationProjection());
            setClocks.Add(clocks.Length - 1);
        }

        IterationProjection projection = projections[instance.Number];
        projection.PassTo(nowSeconds, StepsOf(instance, setClocks[instance.Number]));
        return projection;
    }
}
