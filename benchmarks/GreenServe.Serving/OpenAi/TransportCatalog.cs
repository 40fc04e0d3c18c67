using System.Runtime.InteropServices;
using GreenServe.Serving.Transport;
using GreenServe.Serving.Transport.Linux;

namespace GreenServe.Serving.OpenAi;

/// <summary>Chooses the transport of this platform.</summary>
internal static class TransportCatalog
{
    /// <summary>The most exact transport there is here.</summary>
    /// <param name="readers">Threads that read; at least 1.</param>
    internal static ITransport Open(int readers) => HasReactor ? new ReactorTransport(readers) : new ManagedTransport();

    // The layouts of the kernel's structures are known for these two.
    private static bool HasReactor =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;
}
