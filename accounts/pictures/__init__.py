"""The pictures that creators upload: measured, drawn anew once, shown, taken away."""
