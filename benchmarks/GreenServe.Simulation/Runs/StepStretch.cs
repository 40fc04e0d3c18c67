using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// Consecutive steps of one instance that decode the same sequences, or a time in which the instance had nothing to do. Each step attends
/// to one token more for each sequence, so that durations and energies grow by a constant and the first step determines all others.
/// </summary>
/// <remarks>A step that processes prompt tokens is always a stretch of its own.</remarks>
public readonly record struct StepStretch
{
    /// <summary>Number of the instance, from 0.</summary>
    public required int Replica { get; init; }

    /// <summary>Start of the first step, in seconds from the start of the run.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>Number of steps, at least 1. An idle stretch counts as one step.</summary>
    public required int Count { get; init; }

    /// <summary>Duration of each step, in seconds.</summary>
    public required ArithmeticProgression StepSeconds { get; init; }

    /// <summary>Energy of each step, in joules, over all accelerators of the instance.</summary>
    public required ArithmeticProgression StepJoules { get; init; }

    /// <summary>Clock of the accelerators, in megahertz.</summary>
    public required double ClockMegahertz { get; init; }

    /// <summary>Requests that wait when the stretch ends, before the next step admits any of them.</summary>
    public required int WaitingRequests { get; init; }

    /// <summary>The work of the steps; <c>null</c> for an idle stretch.</summary>
    public required StretchWork? Work { get; init; }

    /// <summary>Whether the instance had nothing to do.</summary>
    public bool IsIdle => Work is null;

    /// <summary>Length of the whole stretch, in seconds.</summary>
    public double Seconds => StepSeconds.Sum(Count);

    /// <summary>Energy of the whole stretch, in joules, over all accelerators of the instance.</summary>
    public double Joules => StepJoules.Sum(Count);

    /// <summary>Largest mean power of any of its steps, in watts, over all accelerators of the instance.</summary>
    /// <remarks>Power rises or falls throughout a stretch, so that the first or the last step has the largest.</remarks>
    public double PeakWatts => StepSeconds.First > 0
        ? Math.Max(StepJoules.First / StepSeconds.First, StepJoules.At(Count - 1) / StepSeconds.At(Count - 1))
        : 0;

    /// <summary>A stretch in which an instance had nothing to do.</summary>
    /// <param name="replica">Number of the instance, from 0.</param>
    /// <param name="startSeconds">Start of the stretch, in seconds from the start of the run.</param>
    /// <param name="seconds">Length of the stretch, in seconds.</param>
    /// <param name="joules">Energy of the stretch, in joules, over all accelerators of the instance.</param>
    /// <param name="clockMegahertz">Clock of the accelerators, in megahertz.</param>
    /// <param name="waitingRequests">Requests that wait when the stretch ends, as they do while the instance changes its clock.</param>
    public static StepStretch Idle(
        int replica, double startSeconds, double seconds, double joules, double clockMegahertz, int waitingRequests) => new()
        {
            Replica = replica,
            StartSeconds = startSeconds,
            Count = 1,
            StepSeconds = new ArithmeticProgression(seconds, 0),
            StepJoules = new ArithmeticProgression(joules, 0),
            ClockMegahertz = clockMegahertz,
            WaitingRequests = waitingRequests,
            Work = null,
        };

    /// <summary>The stretch as a row of <c>steps.csv</c>, which shows idle time as a step without tokens.</summary>
    public EngineStretch Recorded => new(
        StartSeconds, Count, StepSeconds.First, Work?.PrefillTokens ?? 0, Work?.DecodeSequences ?? 0, Work?.FirstContextTokens ?? 0)
    {
        ContextTokenSeconds = Work?.SecondsPerContextToken ?? 0,
        FirstJoules = StepJoules.First,
        ContextTokenJoules = Work?.JoulesPerContextToken ?? 0,
        PrefillEnergyJoules = Work?.PrefillJoules ?? 0,
        ClockMegahertz = ClockMegahertz,
    };
}

/// <summary>The work of the steps of a stretch.</summary>
/// <param name="PrefillTokens">Prompt tokens that the step processed; 0 in a stretch that only decodes.</param>
/// <param name="DecodeSequences">Sequences that got one token in each step.</param>
/// <param name="FirstContextTokens">Tokens that the decoding sequences attended to in the first step, summed over them.</param>
/// <param name="PrefillJoules">The part of the step's energy charged to prompts, in joules; 0 in a stretch that only decodes.</param>
public readonly record struct StretchWork(int PrefillTokens, int DecodeSequences, long FirstContextTokens, double PrefillJoules)
{
    /// <summary>What each further cached token adds to the duration of a step (s).</summary>
    public required double SecondsPerContextToken { get; init; }

    /// <summary>What each further cached token adds to the energy of a step (J), over all accelerators of the instance.</summary>
    public required double JoulesPerContextToken { get; init; }

    /// <summary>The work of steps whose first one costs a known time and energy.</summary>
    internal static StretchWork Of(int prefillTokens, int decodeSequences, long firstContextTokens, in StepCost cost) =>
        new(prefillTokens, decodeSequences, firstContextTokens, cost.PrefillJoules)
        {
            SecondsPerContextToken = cost.SecondsPerContextToken,
            JoulesPerContextToken = cost.JoulesPerContextToken,
        };
}
