using GreenServe.Records;

namespace GreenServe.Analysis.Comparison.History;

/// <summary>What a history file holds.</summary>
/// <param name="Entries">The runs in the order of time.</param>
/// <param name="Skipped">Lines that could not be read, each with its number.</param>
public sealed record HistoryContent(IReadOnlyList<HistoryEntry> Entries, IReadOnlyList<Problem> Skipped);
