using System.Net;
using System.Net.Sockets;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Transport;
using GreenServe.Serving.Transport.Linux;

namespace GreenServe.Tests.Serving.Transport;

/// <summary>What every transport must do, and what the one with the kernel's time stamps knows besides.</summary>
public sealed class TransportTests
{
    // Bytes that lie in the kernel lie there this long at least.
    private static readonly TimeSpan UnreadTime = TimeSpan.FromMilliseconds(50);

    private const int MaxRounds = 20;

    public static TheoryData<bool> Kinds => [true, false];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Read_GivesEveryByte_InOrder(bool isReactor)
    {
        await using Pair pair = await Pair.OpenAsync(isReactor);
        byte[] sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);

        Task sending = SendInPiecesAsync(pair.Server, sent);
        byte[] received = new byte[sent.Length];
        await pair.Client.ReadExactlyAsync(received);
        await sending;

        Assert.Equal(sent, received);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Write_SendsEveryByte_WhenThePeerReadsLate(bool isReactor)
    {
        await using Pair pair = await Pair.OpenAsync(isReactor);
        byte[] sent = new byte[8_000_000];
        new Random(2).NextBytes(sent);

        Task writing = pair.Client.WriteAsync(sent).AsTask();
        byte[] received = new byte[sent.Length];
        await using NetworkStream server = new(pair.Server);
        await server.ReadExactlyAsync(received);
        await writing;

        Assert.Equal(sent, received);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Read_IsZero_WhenThePeerEndsWithItsLastBytes(bool isReactor)
    {
        await using Pair pair = await Pair.OpenAsync(isReactor);
        await pair.Server.SendAsync("bye"u8.ToArray());
        pair.Server.Shutdown(SocketShutdown.Both);

        byte[] buffer = new byte[16];
        Assert.Equal(3, await pair.Client.ReadAtLeastAsync(buffer, 3));
        Assert.Equal(0, await pair.Client.ReadAsync(buffer));
        Assert.Equal(0, await pair.Client.ReadAsync(buffer));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Read_Fails_WhenThePeerResets(bool isReactor)
    {
        await using Pair pair = await Pair.OpenAsync(isReactor);
        ValueTask<int> reading = pair.Client.ReadAsync(new byte[16]);
        pair.Server.LingerState = new LingerOption(true, 0);
        pair.Server.Close();

        await Assert.ThrowsAsync<IOException>(async () => await reading);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Abort_EndsAReadThatWaits(bool isReactor)
    {
        await using Pair pair = await Pair.OpenAsync(isReactor);
        ValueTask<int> reading = pair.Client.ReadAsync(new byte[16]);

        ((TransportStream)pair.Client).Abort();

        await Assert.ThrowsAsync<IOException>(async () => await reading);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Receive_HandsOverEveryByte_UntilTheReceiverHasEnough(bool isReactor)
    {
        await using Pair pair = await Pair.OpenAsync(isReactor);
        byte[] sent = new byte[1_000_000];
        new Random(1).NextBytes(sent);
        Received received = new(sent.Length);

        // Some bytes are there before, and most come while it waits.
        await pair.Server.SendAsync(sent.AsMemory(0, 1000));
        Task<bool> receiving = ((TransportStream)pair.Client).ReceiveAsync(received, CancellationToken.None);
        await SendInPiecesAsync(pair.Server, sent[1000..]);

        Assert.True(await receiving);
        Assert.Equal(sent, received.Bytes);
        Assert.True(((TransportStream)pair.Client).IsQuiet);
        await pair.Server.SendAsync("unasked"u8.ToArray());
        Assert.True(SpinWait.SpinUntil(() => !((TransportStream)pair.Client).IsQuiet, TimeSpan.FromSeconds(30)));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Receive_TellsThatThePeerEnded_BeforeTheReceiverHadEnough(bool isReactor)
    {
        await using Pair pair = await Pair.OpenAsync(isReactor);
        Received received = new(wanted: 100);
        Task<bool> receiving = ((TransportStream)pair.Client).ReceiveAsync(received, CancellationToken.None);

        await pair.Server.SendAsync("bye"u8.ToArray());
        pair.Server.Shutdown(SocketShutdown.Both);

        Assert.False(await receiving);
        Assert.Equal("bye"u8.ToArray(), received.Bytes);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Receive_Fails_WhenThePeerResets_OrTheConnectionIsEnded(bool isReactor)
    {
        await using Pair reset = await Pair.OpenAsync(isReactor);
        Task<bool> receiving = ((TransportStream)reset.Client).ReceiveAsync(new Received(1), CancellationToken.None);
        reset.Server.LingerState = new LingerOption(true, 0);
        reset.Server.Close();
        await Assert.ThrowsAsync<IOException>(() => receiving);

        await using Pair ended = await Pair.OpenAsync(isReactor);
        receiving = ((TransportStream)ended.Client).ReceiveAsync(new Received(1), CancellationToken.None);
        ((TransportStream)ended.Client).Abort();
        await Assert.ThrowsAsync<IOException>(() => receiving);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Receive_ThrowsWhatTheReceiverThrows(bool isReactor)
    {
        await using Pair pair = await Pair.OpenAsync(isReactor);
        Task<bool> receiving = ((TransportStream)pair.Client).ReceiveAsync(new Received(wanted: -1), CancellationToken.None);

        await pair.Server.SendAsync("no"u8.ToArray());

        await Assert.ThrowsAsync<InvalidOperationException>(() => receiving);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Connect_IsRefused_WhereNobodyListens(bool isReactor)
    {
        using ITransport transport = Open(isReactor);
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        IPEndPoint peer = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();

        SocketException exception = await Assert.ThrowsAsync<SocketException>(
            async () => await transport.ConnectAsync(peer, CancellationToken.None));

        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Connect_SpeaksIPv6(bool isReactor)
    {
        Skip.IfNot(Socket.OSSupportsIPv6, "this host has no IPv6");
        using TcpListener listener = new(IPAddress.IPv6Loopback, 0);
        try
        {
            listener.Start();
        }
        catch (SocketException exception)
        {
            Skip.If(true, exception.Message);
        }

        using ITransport transport = Open(isReactor);
        Task<Socket> accepting = listener.AcceptSocketAsync();
        await using Stream client = await transport.ConnectAsync((IPEndPoint)listener.LocalEndpoint, CancellationToken.None);
        using Socket server = await accepting;
        await server.SendAsync("6"u8.ToArray());

        Assert.Equal('6', client.ReadByte());
    }

    [SkippableFact]
    public async Task LastReceipt_IsTheTimeOfArrival_HoweverLateTheBytesAreRead()
    {
        await using Pair pair = await Pair.OpenAsync(isReactor: true);
        Skip.IfNot(pair.Transport.ReceiptClock == "kernel", "this kernel does not stamp what arrives");

        // Each round makes the reader sample both clocks. A busy host may take a thread away in any of them, so the best round counts.
        TimeSpan least = TimeSpan.MaxValue;
        for (int round = 0; round < MaxRounds && least >= UnreadTime / 2; round++)
        {
            TimeSpan delay = await DelayOfReceiptAsync(pair);
            least = delay < least ? delay : least;
        }

        // The bytes lay in the kernel, but arrived when they were sent. A time stamp of the reading would be a whole pause later.
        Assert.InRange(least, TimeSpan.FromMilliseconds(-0.5), UnreadTime / 2);
        Assert.True(pair.Transport.ReadReceiveLags()!.MaxSeconds >= UnreadTime.TotalSeconds / 2);
    }

    /// <summary>The time from before bytes are sent, which are read after a pause, to the time stamp of their arrival.</summary>
    private static async Task<TimeSpan> DelayOfReceiptAsync(Pair pair)
    {
        TimeProvider time = TimeProvider.System;
        ValueTask<int> first = pair.Client.ReadAsync(new byte[16]);
        await pair.Server.SendAsync(new byte[1]);
        await first;

        long before = time.GetTimestamp();
        await pair.Server.SendAsync("late"u8.ToArray());
        await Task.Delay(UnreadTime);
        await pair.Client.ReadExactlyAsync(new byte[4]);
        return time.GetElapsedTime(before, ((TransportStream)pair.Client).LastReceiptTimestamp);
    }

    private static ITransport Open(bool isReactor)
    {
        ITransport transport = TransportCatalog.Open(readers: 1);
        if (isReactor)
        {
            Skip.IfNot(transport is ReactorTransport, "the reactor is for 64-bit Linux");
            return transport;
        }

        transport.Dispose();
        return new ManagedTransport();
    }

    private static async Task SendInPiecesAsync(Socket socket, byte[] bytes)
    {
        Random random = new(3);
        for (int offset = 0; offset < bytes.Length;)
        {
            int piece = Math.Min(bytes.Length - offset, random.Next(1, 60_000));
            await socket.SendAsync(bytes.AsMemory(offset, piece));
            offset += piece;
        }
    }

    /// <summary>Collects as many bytes as it wants, and fails if it wants none.</summary>
    private sealed class Received(int wanted) : IReceiver
    {
        private readonly List<byte> bytes = [];

        internal byte[] Bytes => [.. bytes];

        public bool Take(ReadOnlySpan<byte> bytes)
        {
            this.bytes.AddRange(bytes);
            return wanted < 0 ? throw new InvalidOperationException("nothing is wanted") : this.bytes.Count < wanted;
        }
    }

    private sealed record Pair(ITransport Transport, Stream Client, Socket Server) : IAsyncDisposable
    {
        internal static async Task<Pair> OpenAsync(bool isReactor)
        {
            ITransport transport = Open(isReactor);
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            Task<Socket> accepting = listener.AcceptSocketAsync();
            Stream client = await transport.ConnectAsync((IPEndPoint)listener.LocalEndpoint, CancellationToken.None);
            return new Pair(transport, client, await accepting);
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            Server.Dispose();
            Transport.Dispose();
        }
    }
}
