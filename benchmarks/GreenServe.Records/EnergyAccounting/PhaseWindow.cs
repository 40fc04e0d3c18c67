using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>A short stretch of a run with its energy and the work done in it.</summary>
/// <param name="Seconds">Length (s).</param>
/// <param name="Joules">Energy of all accelerators (J).</param>
/// <param name="PrefillTokens">Prompt tokens processed; a fraction where a step or request reaches over the edge.</param>
/// <param name="DecodeTokens">Tokens generated after each request's first.</param>
public readonly record struct PhaseWindow(double Seconds, double Joules, double PrefillTokens, double DecodeTokens)
{
    /// <summary>
    /// Length of a stretch in refreshes of the meter. An edge error of half a refresh at each edge is then at most 5 % of the
    /// energy.
    /// </summary>
    private const double RefreshesPerWindow = 20;

    /// <summary>Shortest stretch (s) for any meter. Shorter ones hold too few engine steps to resemble each other.</summary>
    private const double MinLengthSeconds = 1;

    /// <summary>
    /// Cuts a window into stretches and measures each. The list is empty if a meter has no number for one of them.
    /// </summary>
    /// <param name="meters">The meters that together cover the accelerators, one for each device.</param>
    /// <param name="series">The readings of the meters, by the meter's name.</param>
    /// <param name="startSeconds">Beginning of the window (s from the start of the run).</param>
    /// <param name="endSeconds">End of the window (s from the start of the run).</param>
    /// <param name="work">Prefill and decode tokens, each with the beginning and end of their processing, in any order.</param>
    public static IReadOnlyList<PhaseWindow> Cut(
        IReadOnlyList<MeterDescription> meters,
        IReadOnlyDictionary<string, MeterSeries> series,
        double startSeconds,
        double endSeconds,
        IEnumerable<PhaseWork> work)
    {
        double length = Math.Max(MinLengthSeconds, RefreshesPerWindow * meters.Max(meter => meter.RefreshSeconds ?? 0));
        int count = (int)Math.Floor((endSeconds - startSeconds) / length);
        if (count < 1)
        {
            return [];
        }

        double[] prefill = new double[count];
        double[] decode = new double[count];
        foreach (PhaseWork piece in work)
        {
            Spread(piece, startSeconds, length, prefill, decode);
        }

        PhaseWindow[] windows = new PhaseWindow[count];
        for (int index = 0; index < count; index++)
        {
            double from = startSeconds + (index * length);
            if (JoulesOf(meters, series, from, from + length) is not { } joules)
            {
                return [];
            }

            windows[index] = new PhaseWindow(length, joules, prefill[index], decode[index]);
        }

        return windows;
    }

    /// <summary>The work of engine steps: the tokens of each step over its duration.</summary>
    public static IEnumerable<PhaseWork> WorkOf(IEnumerable<EngineStep> steps) =>
        from step in steps
        where !step.IsIdle
        select new PhaseWork(step.StartSeconds, step.StartSeconds + step.DurationSeconds, step.PrefillTokens, step.DecodeSequences);

    /// <summary>
    /// The work of requests, where the engine's steps are not known. The prompt is spread from issue to first token, the other
    /// tokens from the first to the last. Waiting in a queue counts as prefill time, which spreads the prefill too far.
    /// </summary>
    public static IEnumerable<PhaseWork> WorkOf(IEnumerable<RequestRecord> requests)
    {
        foreach (RequestRecord request in requests)
        {
            if (request is not { IssuedSeconds: { } issued, FirstTokenSeconds: { } first, CompletedSeconds: { } completed })
            {
                continue;
            }

            yield return new PhaseWork(issued, first, request.InputTokensCounted ?? request.InputTokensAsked, 0);
            int tokens = request.OutputTokensCounted ?? request.OutputTokensAsked;
            yield return new PhaseWork(first, request.LastTokenSeconds ?? completed, 0, Math.Max(0, tokens - 1));
        }
    }

    /// <summary>Energy of all meters between two instants (J); <c>null</c> if one of them has no number.</summary>
    private static double? JoulesOf(
        IReadOnlyList<MeterDescription> meters, IReadOnlyDictionary<string, MeterSeries> series, double fromSeconds, double toSeconds)
    {
        double sum = 0;
        foreach (MeterDescription meter in meters)
        {
            if (EnergyWindow.Measure(meter, series.GetValueOrDefault(meter.Name), fromSeconds, toSeconds).Joules is not { } joules)
            {
                return null;
            }

            sum += joules;
        }

        return sum;
    }

    private static void Spread(PhaseWork work, double startSeconds, double length, double[] prefill, double[] decode)
    {
        double duration = work.EndSeconds - work.StartSeconds;
        int first = Math.Max(0, (int)Math.Floor((work.StartSeconds - startSeconds) / length));
        for (int index = first; index < prefill.Length && startSeconds + (index * length) <= work.EndSeconds; index++)
        {
            double from = startSeconds + (index * length);
            double overlap = Math.Min(work.EndSeconds, from + length) - Math.Max(work.StartSeconds, from);
            bool beginsHere = work.StartSeconds >= from && work.StartSeconds < from + length;
            double share = duration > 0 ? Math.Max(0, overlap) / duration : beginsHere ? 1 : 0;
            prefill[index] += share * work.PrefillTokens;
            decode[index] += share * work.DecodeTokens;
        }
    }
}

/// <summary>Tokens processed evenly over a stretch of time.</summary>
/// <param name="StartSeconds">Beginning of the processing (s from the start of the run).</param>
/// <param name="EndSeconds">End of the processing (s from the start of the run).</param>
/// <param name="PrefillTokens">Prompt tokens processed.</param>
/// <param name="DecodeTokens">Tokens generated after each request's first.</param>
public readonly record struct PhaseWork(double StartSeconds, double EndSeconds, double PrefillTokens, double DecodeTokens);
