using GreenServe.Analysis.Advising;
using GreenServe.Search.Advising.Spaces;

namespace GreenServe.Search.Advising.Findings;

/// <summary>The settings that differ from a setting in one knob alone.</summary>
internal static class SettingNeighbours
{
    /// <summary>A change of the objective below this share is none: the knob does not bind.</summary>
    private const double NoChangeShare = 1e-3;

    /// <summary>The numbers of a setting with each value of an axis, in the order of the values.</summary>
    /// <param name="space">The grid.</param>
    /// <param name="number">Number of the setting.</param>
    /// <param name="axis">Place of the axis.</param>
    internal static IEnumerable<long> Along(SettingSpace space, long number, int axis) =>
        space.Axes[axis].Values.Select((_, place) => space.NumberWith(number, axis, place));

    /// <summary>
    /// What the objective does as one knob at a time moves away from the recommended setting, the most important knob first.
    /// </summary>
    /// <param name="space">The grid.</param>
    /// <param name="recommended">The recommended setting.</param>
    /// <param name="known">Settings by number. Those that did not serve the same requests as the recommended one are left out.</param>
    internal static IReadOnlyList<KnobSensitivity> Sensitivities(
        SettingSpace space, Candidate recommended, IReadOnlyDictionary<long, Candidate> known) =>
    [
        .. Enumerable.Range(0, space.Axes.Count)
            .Select(axis => new KnobSensitivity(space.Axes[axis].Name, [.. Effects(space, axis, recommended, known)]))
            .Where(knob => knob.Values.Count > 1)
            .OrderByDescending(knob => knob.SpanRatio),
    ];

    /// <summary>
    /// The knobs whose recommended value is the first or the last that was tried. A knob whose next value changes nothing does not bind,
    /// and is left out.
    /// </summary>
    /// <param name="space">The grid.</param>
    /// <param name="recommended">Number of the recommended setting.</param>
    /// <param name="known">Settings by number.</param>
    internal static IReadOnlyList<GridEdge> Edges(SettingSpace space, long recommended, IReadOnlyDictionary<long, Candidate> known)
    {
        int[] coordinates = space.CoordinatesOf(recommended);
        return
        [
            .. space.Axes.Select((axis, index) => (Axis: axis, Index: index, Place: coordinates[index]))
                .Where(item => item.Axis is { IsOrdered: true, Values.Count: > 1 }
                    && (item.Place == 0 || item.Place == item.Axis.Values.Count - 1)
                    && Binds(space, recommended, item.Index, item.Place == 0 ? 1 : item.Place - 1, known))
                .Select(item => new GridEdge(
                    item.Axis.Name,
                    item.Axis.Values[item.Place].Words,
                    item.Place > 0,
                    item.Place > 0 ? item.Axis.IsHighestLimit : item.Axis.IsLowestLimit)),
        ];
    }

    /// <summary>Whether the next value of a knob makes a difference, or it is not known.</summary>
    private static bool Binds(SettingSpace space, long recommended, int axis, int next, IReadOnlyDictionary<long, Candidate> known)
    {
        long number = space.NumberWith(recommended, axis, next);
        return !known.TryGetValue(recommended, out Candidate? best)
            || !known.TryGetValue(number, out Candidate? other)
            || other.ChangeAgainst(best) is not { } change
            || Math.Abs(change) > NoChangeShare;
    }

    private static IEnumerable<KnobEffect> Effects(
        SettingSpace space, int axis, Candidate recommended, IReadOnlyDictionary<long, Candidate> known)
    {
        int place = 0;
        foreach (long number in Along(space, recommended.Number, axis))
        {
            string words = space.Axes[axis].Values[place++].Words;
            if (known.TryGetValue(number, out Candidate? candidate) && candidate.IsPairedWith(recommended))
            {
                yield return new KnobEffect(
                    words, candidate.ChangeAgainst(recommended), candidate.Advised.IsFeasible, number == recommended.Number,
                    candidate.Advised.WorstRatio);
            }
        }
    }
}
