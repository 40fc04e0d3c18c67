using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>A measured run or a published point: what was measured, and how any system is simulated under the same load.</summary>
internal sealed record ObservedLoad
{
    /// <summary>Name of the record or of the point.</summary>
    internal required string Name { get; init; }

    /// <summary>Name of the operating point. Repetitions of a run share it and are fitted, or held out, together.</summary>
    internal required string OperatingPoint { get; init; }

    /// <summary>Path of the record, or name of the point.</summary>
    internal required string Path { get; init; }

    /// <summary>The measured metrics.</summary>
    internal required MeasuredPoint Measured { get; init; }

    /// <summary>The system with the constants before the fit.</summary>
    internal required SimulatedSystem System { get; init; }

    /// <summary>The metrics that a system has under this load.</summary>
    internal required Func<SimulatedSystem, Prediction> Simulate { get; init; }

    /// <summary>Mean number of prompt tokens of a request.</summary>
    internal required double InputTokens { get; init; }

    /// <summary>Mean number of output tokens of a request.</summary>
    internal required double OutputTokens { get; init; }

    /// <summary>Power without load, measured before the run; <c>null</c> where it was not measured.</summary>
    internal Baselines? Baselines { get; init; }

    /// <summary>Users of a closed loop; <c>null</c> for an open one.</summary>
    internal int? Users { get; init; }

    /// <summary>Requests at once: users of a closed loop, or the sequences that decode at once.</summary>
    internal double Requests => Users ?? Sequences;

    /// <summary>A text that is the same for loads that were measured alike, whatever their names.</summary>
    internal required string Likeness { get; init; }

    /// <summary>Whether constants may be fitted to the load.</summary>
    internal bool MayBeFitted { get; init; } = true;

    /// <summary>Whether energy was measured.</summary>
    internal bool IsMetered => Measured.Watts is not null || Measured.JoulesPerOutputToken is not null;

    /// <summary>Mean number of sequences that decode at once, by Little's law; 1 where it does not follow from what was measured.</summary>
    internal double Sequences => Measured is { OutputTokensPerSecond: { } rate, TbtSeconds: { } gap } ? Math.Max(1, rate * gap) : 1;

    /// <summary>The metrics with some constants replaced.</summary>
    internal Prediction Predict(IReadOnlyDictionary<CalibrationConstant, double> values) => Simulate(SystemConstants.With(System, values));

    /// <summary>The metrics of loads with some constants replaced, simulated on every core.</summary>
    internal static Prediction[] Predict(
        IReadOnlyList<ObservedLoad> loads, IReadOnlyDictionary<CalibrationConstant, double> values) =>
        EveryCore.Select(loads, load => load.Predict(values));

    /// <summary>The logarithm of predicted over measured value; 0 where one of them has no value.</summary>
    internal double LogError(PointMetric metric, Prediction prediction) =>
        Measured.Value(metric) is { } measured && prediction.Value(metric) is > 0 and var predicted ? Math.Log(predicted / measured) : 0;
}
