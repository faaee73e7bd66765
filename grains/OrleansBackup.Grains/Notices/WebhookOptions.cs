using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Notices;

/// <summary>How webhooks are called. Configuration section <c>Notices:Webhooks</c>.</summary>
public sealed record WebhookOptions
{
    public const string Section = "Notices:Webhooks";

    /// <summary>So long one call may take, from the look-up of the name to the answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For tests and closed networks only: also addresses of this machine and of private networks may be called, and without TLS. Whoever can set a webhook then reaches
    /// everything that this server reaches.</summary>
    public bool AllowPrivateAddresses { get; init; }
}
