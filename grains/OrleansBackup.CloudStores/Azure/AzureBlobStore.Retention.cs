using System.Globalization;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.CloudStores.Azure;

/// <summary>Retention by version-level immutability policies, which the container has to be made for.</summary>
/// <remarks>Source: Azure Storage REST, "Set Blob Immutability Policy", and the headers of "Put Blob" and "Get Blob Properties".</remarks>
public sealed partial class AzureBlobStore
{
    private const string UntilHeader = "x-ms-immutability-policy-until-date";
    private const string ModeHeader = "x-ms-immutability-policy-mode";

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, DateTimeOffset retainUntil, CancellationToken cancellation) =>
        PutAsync(name, bytes, ObjectRetention.RoundUp(retainUntil), cancellation);

    public async Task<ObjectRetention?> GetRetentionAsync(BlobName name, CancellationToken cancellation) =>
        (await PropertiesAsync(name, cancellation)).Retention;

    public async Task<bool> ExtendRetentionAsync(BlobName name, DateTimeOffset retainUntil, CancellationToken cancellation)
    {
        var until = ObjectRetention.RoundUp(retainUntil);
        if (await GetRetentionAsync(name, cancellation) is not { } present)
            return false;
        return present.Covers(until) || await _client.SendAsync(HttpMethod.Put, name.Value, "comp=immutabilityPolicies",
            request => AddRetention(request, until), (response, _, _) =>
                Task.FromResult(response.IsSuccessStatusCode || (IsAbsent(response) ? false : throw FailureOf(response, name))), cancellation);
    }

    private void AddRetention(HttpRequestMessage request, DateTimeOffset? until)
    {
        if (until is not { } time)
            return;
        request.Headers.TryAddWithoutValidation(UntilHeader, time.ToString("R", CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(ModeHeader, _options.LockRetention ? "locked" : "unlocked");
    }

    /// <summary>How the object stands, by the service's own clock.</summary>
    private async Task<(ObjectRetention? Retention, string? Version, DateTimeOffset Now)> PropertiesAsync(BlobName name, CancellationToken cancellation) =>
        await HeadAsync(name, response => ((ObjectRetention?)RetentionOf(response), Header(response, "x-ms-version-id"), response.Headers.Date ?? _time.GetUtcNow()), cancellation);

    private static ObjectRetention RetentionOf(HttpResponseMessage response)
    {
        if (!DateTimeOffset.TryParse(Header(response, UntilHeader), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until))
            return ObjectRetention.None;
        var isLocked = string.Equals(Header(response, ModeHeader), "locked", StringComparison.OrdinalIgnoreCase);
        return new(until, isLocked ? RetentionStrength.ByStore : RetentionStrength.ByStoreUnlessLifted);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? values.First() : null;
}
