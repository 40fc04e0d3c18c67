using GreenServe.Records;

namespace GreenServe.Running.Live;

/// <summary>Where the requests of a measured load go.</summary>
/// <param name="Point">Name of the point that runs.</param>
/// <param name="Model">Name of the model that the requests ask for.</param>
/// <param name="Server">Address of the server.</param>
/// <param name="IsChat">Whether the requests are chats, and not completions of a text.</param>
/// <param name="Evidence">Whether the server measures or simulates, and whether a power model stands in for its meters.</param>
/// <param name="Clock">The clock whose timestamps a request holds.</param>
public sealed record LiveTarget(
    string? Point, string Model, Uri Server, bool IsChat, EvidenceKind Evidence, TimeProvider Clock);
