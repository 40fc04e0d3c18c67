namespace GreenServe.Simulation.Policies.Estimates;

/// <summary>A state in which a server can wait for work.</summary>
/// <param name="Watts">Power in the state, in watts.</param>
/// <param name="WakeJoules">Energy from leaving the state to the first request, in joules.</param>
internal readonly record struct SleepState(double Watts, double WakeJoules);

/// <summary>
/// When a server that has no work changes to a deeper state: as soon as a server that had known the length of the pause would have spent
/// it there at less energy.
/// </summary>
/// <remarks>
/// Whatever the length of a pause, the server spends at most twice the energy of one that had known it. The best energy of a pause of t
/// seconds is the lowest of the lines P·t + E. It grows by the power of the state that the server is in, so what the server draws is at
/// most the best energy, and so is the wake-up at the end. Source: Irani, Shukla and Gupta, "Online strategies for dynamic power
/// management in systems with multiple power-saving states", 2003 (recalled).
/// </remarks>
internal static class BreakEven
{
    /// <summary>Time without work after which each state is entered, in seconds; infinite for a state that never pays.</summary>
    /// <param name="states">The states, of falling power. The first one is that of a server that can serve.</param>
    internal static double[] EntrySeconds(IReadOnlyList<SleepState> states)
    {
        double[] entries = [.. Enumerable.Repeat(double.PositiveInfinity, states.Count)];
        (int present, double since) = (0, 0);
        entries[0] = 0;
        while (NextAfter(states, present, since) is { } next)
        {
            (present, since) = next;
            entries[present] = since;
        }

        return entries;
    }

    /// <summary>Energy of a pause of a server that enters states at given times, in joules.</summary>
    /// <param name="states">The states.</param>
    /// <param name="entrySeconds">Time at which each is entered, in seconds.</param>
    /// <param name="pauseSeconds">Length of the pause, in seconds.</param>
    internal static double PauseJoules(IReadOnlyList<SleepState> states, IReadOnlyList<double> entrySeconds, double pauseSeconds)
    {
        int[] entered = [.. Enumerable.Range(0, states.Count).Where(state => entrySeconds[state] <= pauseSeconds)
            .OrderBy(state => entrySeconds[state]).ThenBy(state => state)];
        double[] ends = [.. entered.Skip(1).Select(state => entrySeconds[state]), pauseSeconds];
        return entered.Zip(ends).Sum(stay => states[stay.First].Watts * (stay.Second - entrySeconds[stay.First]))
            + states[entered[^1]].WakeJoules;
    }

    /// <summary>Energy of a pause whose length is known beforehand, in joules.</summary>
    /// <param name="states">The states.</param>
    /// <param name="pauseSeconds">Length of the pause, in seconds.</param>
    internal static double LeastJoules(IReadOnlyList<SleepState> states, double pauseSeconds) =>
        states.Min(state => (state.Watts * pauseSeconds) + state.WakeJoules);

    /// <summary>The first line that crosses the present one from above, and when; <c>null</c> if none does.</summary>
    private static (int State, double Seconds)? NextAfter(IReadOnlyList<SleepState> states, int present, double since)
    {
        (int State, double Seconds)? next = null;
        for (int state = 0; state < states.Count; state++)
        {
            double saved = states[present].Watts - states[state].Watts;
            if (saved <= 0)
            {
                continue;
            }

            double crossing = Math.Max(since, (states[state].WakeJoules - states[present].WakeJoules) / saved);
            if (next is not { } known || crossing < known.Seconds
                || (crossing == known.Seconds && states[state].Watts < states[known.State].Watts))
            {
                next = (state, crossing);
            }
        }

        return next;
    }
}
