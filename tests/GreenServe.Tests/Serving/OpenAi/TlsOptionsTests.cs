using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GreenServe.Records;
using GreenServe.Serving.OpenAi;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.OpenAi;

public sealed class TlsOptionsTests : IDisposable
{
    private static readonly (string Authority, string Certificate, string Key) Places = ("--ca", "--client-cert", "--client-key");
    private readonly TemporaryFolder folder = new();
    private readonly X509Certificate2 certificate = SelfSigned();

    public void Dispose()
    {
        certificate.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ApplyTo_TrustsThePrivateAuthority_AndShowsTheClientsCertificate()
    {
        string pem = folder.Write("certificate.pem", certificate.ExportCertificatePem());
        string key = folder.Write("key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());

        (string? shown, _) = await HandshakeAsync(TlsOptions.Read(Places, pem, pem, key));

        Assert.Equal(certificate.GetCertHashString(HashAlgorithmName.SHA256), shown);
    }

    [Fact]
    public async Task ReadinessIsAnErrorAtOnce_WhenTheCertificateIsNotTrusted()
    {
        (_, Exception? failure) = await HandshakeAsync(tls: null);

        UnavailableException exception = Assert.IsType<UnavailableException>(failure);
        Assert.Contains("cannot be reached: TLS: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamesEveryFileThatCannotBeUsed()
    {
        string text = folder.Write("no.pem", "hello");
        string pem = folder.Write("certificate.pem", certificate.ExportCertificatePem());

        InvalidInputException both = Assert.Throws<InvalidInputException>(() => TlsOptions.Read(Places, text, pem, text));
        InvalidInputException half = Assert.Throws<InvalidInputException>(() => TlsOptions.Read(Places, pem, null, pem));

        Assert.Equal(["--ca", "--client-cert"], both.Problems.Select(problem => problem.Place));
        Assert.Contains("no certificate", both.Message, StringComparison.Ordinal);
        Assert.Contains("--client-key: got it without --client-cert, want both or none", half.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ShowsNoPathOfAKey_WhereNoFileIs()
    {
        string pem = folder.Write("certificate.pem", certificate.ExportCertificatePem());
        string key = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

        InvalidInputException itself = Assert.Throws<InvalidInputException>(() => TlsOptions.Read(Places, null, pem, key));

        Assert.Equal(
            "--client-key: got a path that is not shown and where no file is, want a PEM file of a private key, and not the key itself",
            Assert.Single(itself.Problems).ToString());
    }

    /// <summary>Has a client wait for a server with TLS that accepts one connection.</summary>
    /// <returns>The fingerprint of the certificate that the client showed, and how the wait failed.</returns>
    private async Task<(string? Shown, Exception? Failure)> HandshakeAsync(TlsOptions? tls)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        OpenAiOptions options = new()
        {
            Endpoint = new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"),
            Readers = 1,
            ReadySeconds = 10,
            Tls = tls,
        };
        using HttpConnections connections = new(options);
        using CancellationTokenSource stop = new();
        Task waiting = new ServerReadiness(connections, options, waiting: null).WaitAsync(stop.Token);
        using Socket socket = await listener.AcceptSocketAsync();
#pragma warning disable CA5359 // The test looks at the certificate that the client shows, whoever issued it.
        await using SslStream stream = new(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        string? shown = null;
        try
        {
            await stream.AuthenticateAsServerAsync(certificate, clientCertificateRequired: true, checkCertificateRevocation: false);
            shown = stream.RemoteCertificate?.GetCertHashString(HashAlgorithmName.SHA256);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client does not trust the server.
        }

        if (tls is not null)
        {
            await stop.CancelAsync();
        }

        Exception? failure = await Record.ExceptionAsync(() => waiting);
        return (shown, failure);
    }

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
