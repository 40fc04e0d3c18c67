using System.Globalization;

namespace GreenServe.Simulation.Validation;

/// <summary>The ranges of requests at once by which errors are grouped.</summary>
internal static class BatchRange
{
    /// <summary>Largest number of requests of each range but the last, in ascending order.</summary>
    private static readonly int[] Limits = [1, 8, 32, 128];

    /// <summary>
    /// The range of a point, for example <c>9 to 32</c>, or <c>saturated</c>; <c>null</c> for an open loop and an unknown load.
    /// </summary>
    internal static string? Of(MeasuredPoint point) => point.Load is { } text && PointLoad.Parse(text) is { } load
        ? load.Requests is { } requests ? NameOf(requests) : "saturated"
        : null;

    /// <summary>Place of a range in the order of the numbers; the order of names would put 129 before 33.</summary>
    internal static string SortKey(string name) => int.TryParse(name.Split(' ')[0], out int first)
        ? first.ToString("D6", CultureInfo.InvariantCulture)
        : name;

    private static string NameOf(int requests)
    {
        int index = Array.FindIndex(Limits, limit => requests <= limit);
        return index switch
        {
            0 => "1",
            < 0 => $"{Limits[^1] + 1} or more",
            _ => $"{Limits[index - 1] + 1} to {Limits[index]}",
        };
    }
}
