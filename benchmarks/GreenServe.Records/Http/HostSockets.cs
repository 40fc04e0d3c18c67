using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace GreenServe.Records.Http;

/// <summary>Where addresses lead: two names may be one server, and a name may be this machine.</summary>
public static class HostSockets
{
    /// <summary>Stands for every address of this machine: a server that listens on all of them is one server.</summary>
    private const string ThisMachine = "this machine";

    /// <summary>The sockets that an address leads to, as texts that are equal for equal sockets.</summary>
    /// <param name="address">The address of a server.</param>
    /// <returns>
    /// The addresses of the host with the port. All addresses of this machine are one. A host that cannot be looked up stands for itself.
    /// </returns>
    public static IReadOnlySet<string> Of(Uri address)
    {
        try
        {
            HashSet<IPAddress> own = OwnAddresses();
            return Dns.GetHostAddresses(address.IdnHost)
                .Select(found => $"{(IsOwn(found, own) ? ThisMachine : Plain(found))} port {address.Port}").ToHashSet();
        }
        catch (Exception exception) when (exception is SocketException or NetworkInformationException or ArgumentException)
        {
            return new HashSet<string> { $"{address.IdnHost} port {address.Port}" };
        }
    }

    /// <summary>
    /// Whether an address leads to this machine and nowhere else: to loopback, or to addresses of its network interfaces. An address in a
    /// container or a virtual machine is another machine's, because this one cannot know where it leads.
    /// </summary>
    /// <param name="address">The address of a server.</param>
    /// <param name="cancellationToken">Stops the look-up of the name.</param>
    public static async Task<bool> LeadHereAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return AreOwn(await Dns.GetHostAddressesAsync(address.IdnHost, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is SocketException or NetworkInformationException)
        {
            return false;
        }
    }

    /// <summary>Whether all of the addresses that a name has are this machine's; <c>false</c> for none.</summary>
    internal static bool AreOwn(IPAddress[] found)
    {
        HashSet<IPAddress> own = OwnAddresses();
        return found.Length > 0 && Array.TrueForAll(found, candidate => IsOwn(candidate, own));
    }

    private static bool IsOwn(IPAddress candidate, HashSet<IPAddress> own) =>
        IPAddress.IsLoopback(Plain(candidate)) || own.Contains(candidate) || own.Contains(Plain(candidate));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static HashSet<IPAddress> OwnAddresses() => [.. NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)];
}
