using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>What a listed message asks for.</summary>
internal enum IntakeDecision
{
    /// <summary>The vault has it just so.</summary>
    Nothing = 0,

    /// <summary>Only marks or the folder changed: the stored content stays, nothing is downloaded.</summary>
    KeepContent = 1,

    /// <summary>New, or its content may have changed.</summary>
    ReadContent = 2,
}

/// <summary>Decides it. Pure.</summary>
internal static class Intake
{
    /// <param name="stored">What the vault holds of this id, or null.</param>
    /// <param name="listed">The message as it is listed now, not yet stored.</param>
    public static IntakeDecision Decide(ItemVersion? stored, MailItem listed)
    {
        if (stored is null || stored.Kind != ItemKinds.Message)
            return IntakeDecision.ReadContent;
        var known = MailItem.Read(stored);
        var elsewhere = known.FolderId != listed.FolderId || known.DepartedFrom is not null;
        if (known.ChangeKey == listed.ChangeKey)
            return elsewhere ? IntakeDecision.KeepContent : IntakeDecision.Nothing;
        if (listed.IsDraft || known.ContentPrint != listed.ContentPrint)
            return IntakeDecision.ReadContent;
        // The change key moved. If marks or the folder explain it, the content is as it was; if nothing does, look again.
        return elsewhere || known.PropertiesPrint != listed.PropertiesPrint ? IntakeDecision.KeepContent : IntakeDecision.ReadContent;
    }
}
