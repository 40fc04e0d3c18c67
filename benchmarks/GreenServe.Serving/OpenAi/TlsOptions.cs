using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Serving.OpenAi;

/// <summary>Certificates for connections with TLS: authorities that are trusted, and a certificate of this client.</summary>
public sealed class TlsOptions
{
    private readonly X509Certificate2Collection authorities;
    private readonly X509Certificate2? client;

    private TlsOptions(X509Certificate2Collection authorities, X509Certificate2? client)
    {
        this.authorities = authorities;
        this.client = client;
    }

    /// <summary>The certificates as one text that stands for them, without any key.</summary>
    internal string Identity => string.Join('\n', authorities.Append(client).OfType<X509Certificate2>()
        .Select(certificate => certificate.GetCertHashString(HashAlgorithmName.SHA256)));

    /// <summary>Reads certificates from PEM files.</summary>
    /// <param name="place">The option of each file, for messages: of the authorities, of the certificate and of its key.</param>
    /// <param name="authorityPath">Certificates of authorities. Only they are trusted then. <c>null</c>: those of this system.</param>
    /// <param name="certificatePath">Certificate of this client; <c>null</c> for none.</param>
    /// <param name="keyPath">
    /// Private key of that certificate, without a password; <c>null</c> for none. No message shows the path unless it exists, since a user
    /// may have given the key itself.
    /// </param>
    /// <exception cref="InvalidInputException">Every file that cannot be used.</exception>
    public static TlsOptions Read(
        (string Authority, string Certificate, string Key) place, string? authorityPath, string? certificatePath, string? keyPath)
    {
        List<Problem> problems = [];
        X509Certificate2Collection authorities = [];
        if (authorityPath is not null)
        {
            const string allowed = "a PEM file with at least one certificate";
            try
            {
                authorities.ImportFromPem(InputFile.ReadText(authorityPath));
            }
            catch (CryptographicException)
            {
                problems.Add(new Problem(place.Authority, "a certificate that cannot be read", allowed, authorityPath));
            }

            if (authorities.Count == 0 && problems.Count == 0)
            {
                problems.Add(new Problem(place.Authority, "no certificate", allowed, authorityPath));
            }
        }

        X509Certificate2? client = null;
        if (certificatePath is null != keyPath is null)
        {
            (string given, string missing) = keyPath is null ? (place.Certificate, place.Key) : (place.Key, place.Certificate);
            problems.Add(new Problem(given, $"it without {missing}", "both or none"));
        }
        else if (keyPath is not null && !File.Exists(keyPath))
        {
            problems.Add(new Problem(
                place.Key, "a path that is not shown and where no file is", "a PEM file of a private key, and not the key itself"));
        }
        else if (certificatePath is not null && keyPath is not null)
        {
            try
            {
                client = X509Certificate2.CreateFromPem(InputFile.ReadText(certificatePath), InputFile.ReadText(keyPath));
            }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException)
            {
                problems.Add(new Problem(
                    place.Certificate,
                    $"a certificate and a key ({keyPath}) that do not belong together or cannot be read",
                    "PEM files of one certificate and its private key without a password",
                    certificatePath));
            }
        }

        return problems.Count > 0 ? throw new InvalidInputException(problems) : new TlsOptions(authorities, client);
    }

    /// <summary>Has connections use the certificates.</summary>
    internal void ApplyTo(SslClientAuthenticationOptions options)
    {
        if (authorities.Count > 0)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            options.CertificateChainPolicy = policy;
        }

        if (client is not null)
        {
            options.ClientCertificates = [client];
        }
    }
}
