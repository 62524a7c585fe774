// lottie-web's light build puts `lottie` into the window; checking its packed source says nothing.
export {};
