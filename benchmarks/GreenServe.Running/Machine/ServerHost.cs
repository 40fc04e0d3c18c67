using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace GreenServe.Running.Machine;

/// <summary>Finds out whether a server runs on this machine, whose meters then see its energy.</summary>
internal static class ServerHost
{
    /// <summary>
    /// Whether an address leads to this machine: to loopback, or to an address of one of its network interfaces. An address in a container
    /// or a virtual machine is another machine's, because this one cannot know where it leads.
    /// </summary>
    /// <param name="address">The address of the server.</param>
    /// <param name="cancellationToken">Stops the look-up of the name.</param>
    internal static async Task<bool> IsThisMachineAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(address.IdnHost, cancellationToken).ConfigureAwait(false);
            HashSet<IPAddress> own = [.. NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(network => network.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)];
            return found.Any(candidate => IPAddress.IsLoopback(candidate) || own.Contains(candidate));
        }
        catch (Exception exception) when (exception is SocketException or NetworkInformationException)
        {
            return false;
        }
    }
}
