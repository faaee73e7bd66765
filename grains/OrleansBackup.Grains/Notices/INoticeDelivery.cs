using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Grains.Notices;

/// <summary>A way by which notices reach somebody.</summary>
internal interface INoticeDelivery
{
    NoticeChannel Channel { get; }

    /// <summary>When it returns, the receiver's server has taken the notice. After an exception or a cancellation it may have: the same letter is then sent again under the same id.</summary>
    /// <exception cref="DeliveryException">It was not taken, as far as can be told.</exception>
    Task DeliverAsync(NoticeLetter letter, CancellationToken cancellation);
}

/// <summary>A notice to one receiver.</summary>
/// <param name="To">An e-mail address, or the address of a webhook.</param>
/// <param name="Name">Of the receiver.</param>
/// <param name="Secret">What a webhook's calls are signed with.</param>
/// <param name="Text">In the receiver's language.</param>
internal sealed record NoticeLetter(Notice Notice, TenantId Tenant, string Customer, string To, string Name, string? Secret, NoticeText Text, NoticeText Dutch, NoticeText English)
{
    public override string ToString() => $"{nameof(NoticeLetter)} {{ Notice = {Notice.Id} }}";
}

/// <summary>A notice was not taken. The message says why, in words for the provider, and holds no secret.</summary>
internal sealed class DeliveryException(string message, bool isTransient, Exception? inner = null, int? status = null) : Exception(message, inner)
{
    /// <summary>What an HTTP receiver answered; null: nothing, or it is none.</summary>
    public int? Status { get; } = status;

    /// <summary>Whether the same may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;
}
