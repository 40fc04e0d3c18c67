using System.Runtime.InteropServices;
using GreenServe.Serving.Transport;
using GreenServe.Serving.Transport.Linux;

namespace GreenServe.Serving.OpenAi;

/// <summary>Chooses the transport of this platform.</summary>
internal static class TransportCatalog
{
    /// <summary>Opens the most exact transport that this platform has.</summary>
    /// <param name="readers">Number of threads that read, at least 1. The managed transport has none of its own and ignores it.</param>
    internal static ITransport Open(int readers) => HasReactor ? new ReactorTransport(readers) : new ManagedTransport();

    // The layout of the kernel's structures is known for these two architectures.
    private static bool HasReactor =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;
}
