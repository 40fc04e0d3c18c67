namespace GreenServe.Engine.CommandLine;

/// <summary>Where the engine computes.</summary>
public enum DeviceKind
{
    /// <summary>The host's processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}
