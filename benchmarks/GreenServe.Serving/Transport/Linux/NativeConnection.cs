using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace GreenServe.Serving.Transport.Linux;

/// <summary>One non-blocking TCP socket of the kernel. The caller makes sure that <see cref="Close"/> runs alone.</summary>
internal readonly unsafe struct NativeConnection
{
    private NativeConnection(int descriptor)
    {
        Descriptor = descriptor;
        SetOption(NativeSocket.TcpLevel, NativeSocket.OptionNoDelay);
        HasKernelStamps = SetOption(NativeSocket.SocketLevel, NativeSocket.OptionTimestampNanoseconds);
    }

    internal int Descriptor { get; }

    /// <summary>Whether the kernel stamps arriving bytes with the time.</summary>
    internal bool HasKernelStamps { get; }

    internal static NativeConnection Create(AddressFamily addressFamily)
    {
        int family = addressFamily == AddressFamily.InterNetwork ? NativeSocket.InternetFamily : NativeSocket.InternetSixFamily;
        int descriptor = NativeSocket.Create(family, NativeSocket.StreamNonBlockingCloseOnExec, 0);
        return descriptor >= 0 ? new NativeConnection(descriptor) : throw Failure(Marshal.GetLastPInvokeError());
    }

    /// <summary>Begins to connect. The descriptor becomes writable when connecting has succeeded or failed.</summary>
    internal void BeginConnect(IPEndPoint peer)
    {
        SocketAddress address = peer.Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            int error = NativeSocket.Connect(Descriptor, bytes, (uint)address.Size) == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error is not (0 or NativeSocket.ErrorInProgress))
            {
                throw Failure(error);
            }
        }
    }

    /// <summary>Throws a socket exception where connecting has failed.</summary>
    internal void CheckConnected()
    {
        int error = 0;
        uint length = sizeof(int);
        _ = NativeSocket.GetOption(Descriptor, NativeSocket.SocketLevel, NativeSocket.OptionError, &error, &length);
        if (error != 0)
        {
            throw Failure(error);
        }
    }

    /// <summary>Reads the bytes that have arrived.</summary>
    /// <param name="buffer">Receives the bytes. An empty buffer only asks whether there are any.</param>
    /// <param name="wallNanoseconds">
    /// When the newest byte arrived, by the wall clock (ns); <c>null</c> where the kernel gave no time stamp.
    /// </param>
    /// <returns>The number of bytes read; 0 at the end of the stream; <c>null</c> as long as nothing has arrived.</returns>
    internal int? Receive(Span<byte> buffer, out long? wallNanoseconds)
    {
        wallNanoseconds = null;
        byte spare;
        NativeSocket.TimestampControl control;
        fixed (byte* bytes = buffer)
        {
            NativeSocket.Segment segment = new() { Base = buffer.IsEmpty ? &spare : bytes, Length = (nuint)Math.Max(1, buffer.Length) };
            NativeSocket.Message message = new() { Segments = &segment, SegmentCount = 1 };
            int flags = NativeSocket.DoNotWait | (buffer.IsEmpty ? NativeSocket.Peek : 0);
            nint received;
            int error;
            do
            {
                message.Control = &control;
                message.ControlLength = HasKernelStamps ? (nuint)sizeof(NativeSocket.TimestampControl) : 0;
                received = NativeSocket.Receive(Descriptor, &message, flags);
                error = received < 0 ? Marshal.GetLastPInvokeError() : 0;
            }
            while (error == NativeSocket.ErrorInterrupted);

            if (error != 0)
            {
                return error == NativeSocket.ErrorAgain
                    ? null
                    : throw new IOException(Marshal.GetPInvokeErrorMessage(error), Failure(error));
            }

            if (message.ControlLength == (nuint)sizeof(NativeSocket.TimestampControl)
                && control.Type == NativeSocket.OptionTimestampNanoseconds)
            {
                wallNanoseconds = (control.Seconds * 1_000_000_000) + control.Nanoseconds;
            }

            return buffer.IsEmpty ? 0 : (int)received;
        }
    }

    /// <summary>Sends as many bytes as the kernel takes at once, and returns their number; <c>null</c> when it takes none now.</summary>
    internal int? Send(ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            while (true)
            {
                nint sent = NativeSocket.Send(Descriptor, bytes, (nuint)data.Length, NativeSocket.NoSignal | NativeSocket.DoNotWait);
                if (sent >= 0)
                {
                    return (int)sent;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == NativeSocket.ErrorAgain)
                {
                    return null;
                }

                if (error != NativeSocket.ErrorInterrupted)
                {
                    throw new IOException(Marshal.GetPInvokeErrorMessage(error), Failure(error));
                }
            }
        }
    }

    internal void Close() => _ = NativeSocket.Close(Descriptor);

    private bool SetOption(int level, int name)
    {
        int on = 1;
        return NativeSocket.SetOption(Descriptor, level, name, &on, sizeof(int)) == 0;
    }

    /// <summary>Makes a socket exception with the error code of the runtime and the message of the system.</summary>
    private static SocketException Failure(int error) => new((int)Translate(error), Marshal.GetPInvokeErrorMessage(error));

    private static SocketError Translate(int error) => error switch
    {
        24 => SocketError.TooManyOpenSockets,
        101 => SocketError.NetworkUnreachable,
        104 => SocketError.ConnectionReset,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };
}
