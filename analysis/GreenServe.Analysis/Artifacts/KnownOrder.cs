using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The order of names that have one: loads and request classes.</summary>
internal static class KnownOrder
{
    private static readonly string[] Names = ["low", "medium", "high", .. RequestClass.All.Select(one => one.Name), "coding", "conversation"];

    /// <summary>Place of a name; <c>null</c> if it has none.</summary>
    internal static int? Rank(string name) => Array.IndexOf(Names, name) is >= 0 and int place ? place : null;
}
