using GreenServe.Records.Measurements;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// Consecutive steps of one instance that differ only by one context token more for each sequence, or one stretch without work. Durations
/// and energies grow by a constant from step to step, so the whole stretch is known from its first step.
/// </summary>
/// <param name="Replica">Number of the instance, from 0.</param>
/// <param name="StartSeconds">Start of the first step, from the start of the run.</param>
/// <param name="Count">Steps; 1 for a stretch without work.</param>
/// <param name="FirstSeconds">Duration of the first step (s).</param>
/// <param name="SecondsIncrement">What each further step takes more (s).</param>
/// <param name="PrefillTokens">Prompt tokens of each step; only in a stretch of one.</param>
/// <param name="DecodeSequences">Sequences that got a token in each step.</param>
/// <param name="FirstContextTokens">Tokens those attended to in the first step; grows by <paramref name="DecodeSequences"/> a step.</param>
/// <param name="FirstJoules">Energy of the first step (J).</param>
/// <param name="JoulesIncrement">What each further step uses more (J).</param>
/// <param name="PrefillJoules">The part charged to prefill (J); only in a stretch of one.</param>
/// <param name="ClockMegahertz">Clock of the accelerators (MHz).</param>
/// <param name="Waiting">Requests that waited when it began.</param>
public readonly record struct StepStretch(
    int Replica,
    double StartSeconds,
    int Count,
    double FirstSeconds,
    double SecondsIncrement,
    int PrefillTokens,
    int DecodeSequences,
    long FirstContextTokens,
    double FirstJoules,
    double JoulesIncrement,
    double PrefillJoules,
    double ClockMegahertz,
    int Waiting)
{
    /// <summary>Whether there was nothing to do.</summary>
    public bool IsIdle => PrefillTokens == 0 && DecodeSequences == 0;

    /// <summary>Length of the whole stretch (s).</summary>
    public double Seconds => Sum(FirstSeconds, SecondsIncrement, Count);

    /// <summary>Energy of the whole stretch (J).</summary>
    public double Joules => Sum(FirstJoules, JoulesIncrement, Count);

    /// <summary>Mean power of its hungriest step (W): power changes one way within a stretch, so that is its first or its last.</summary>
    public double PeakWatts
    {
        get
        {
            double last = (FirstJoules + ((Count - 1) * JoulesIncrement)) / (FirstSeconds + ((Count - 1) * SecondsIncrement));
            return FirstSeconds > 0 ? Math.Max(FirstJoules / FirstSeconds, last) : 0;
        }
    }

    /// <summary>One of its steps, from 0.</summary>
    public EngineStep Step(int index) => new(
        StartSeconds + Sum(FirstSeconds, SecondsIncrement, index),
        FirstSeconds + (index * SecondsIncrement),
        PrefillTokens,
        DecodeSequences,
        FirstContextTokens + ((long)index * DecodeSequences))
    {
        EnergyJoules = FirstJoules + (index * JoulesIncrement),
        PrefillEnergyJoules = PrefillJoules,
        ClockMegahertz = ClockMegahertz,
    };

    /// <summary>Sum of the first <paramref name="count"/> terms of an arithmetic progression.</summary>
    internal static double Sum(double first, double increment, int count) =>
        (count * first) + (0.5 * increment * count * (count - 1.0));

    /// <summary>Fewest terms, from 1 to <paramref name="most"/>, whose sum reaches <paramref name="target"/>; increments are not negative.</summary>
    internal static int CountReaching(double first, double increment, double target, int most)
    {
        int low = 1;
        int high = most;
        if (increment <= 0)
        {
            double plain = Math.Ceiling(target / first);
            low = high = (int)Math.Clamp(plain, 1, most);
        }

        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (Sum(first, increment, middle) >= target)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
