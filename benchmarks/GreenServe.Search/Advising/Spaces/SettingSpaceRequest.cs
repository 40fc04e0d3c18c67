using GreenServe.Records;

namespace GreenServe.Search.Advising.Spaces;

/// <summary>What a grid of settings is made from.</summary>
public sealed record SettingSpaceRequest
{
    /// <summary>Name of the model, or the path of its file.</summary>
    public required string Model { get; init; }

    /// <summary>Folder that a relative path of <see cref="Model"/> starts from; <c>null</c> for the current one.</summary>
    public string? Folder { get; init; }

    /// <summary>Names of the kinds of accelerator, or paths of their files; at least one.</summary>
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>Name of the engine's profile or of a twin, or the path of its file.</summary>
    public required string Engine { get; init; }

    /// <summary>The largest number of accelerators that a setting may use, from 1 to 10000.</summary>
    public required int GpuLimit { get; init; }

    /// <summary>Whether prompts of the workload share beginnings, so that a cache of prefixes can save work.</summary>
    public bool SharesPrefixes { get; init; }

    /// <summary>
    /// What the user says of single knobs: <c>name=value,value,...</c> with ranges such as <c>1000..1980/60</c>; a name alone for its
    /// default values; and <c>others=default</c>, so that knobs that are not named keep their defaults.
    /// </summary>
    /// <value>Default: every knob has its default values.</value>
    public IReadOnlyList<string> Knobs { get; init; } = [];
}

/// <summary>A grid of settings, or the reasons why there is none.</summary>
/// <param name="Space">The grid; <c>null</c> where there are problems.</param>
/// <param name="Problems">Every problem of the request.</param>
public sealed record SettingSpaceResult(SettingSpace? Space, IReadOnlyList<Problem> Problems);
